/** The frame around every page behind the sign-in: a bar with app switch and person; on a phone a bar below. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, Outlet, useLocation, useNavigation } from "react-router";
import { SessionContext, useApi } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";
import { later } from "@/shared/ui/later";
import { Failed, Loading } from "@/shared/ui/States";
import { ListMemory, ListMemoryContext } from "@/runtime/listMemory";
import { BottomBar } from "./BottomBar";
import { useSessionQuery } from "./session";
import { TopBar } from "./TopBar";
import "./shell.css";

const SignInAgain = lazy(() => import("../auth/SignInAgain"));

const ViewAsBar = later<object>(async () => (await import("./ViewAsBar")).ViewAsBar, () => <></>);

export default function Shell(): JSX.Element {
  const { t } = useTranslation();
  const api = useApi();
  const session = useSessionQuery();
  const client = useQueryClient();
  const over = useQuery({ queryKey: keys.sessionOver, queryFn: () => false, enabled: false, initialData: false });
  const location = useLocation();
  const navigation = useNavigation();
  const isPhone = useMedia(PHONE);
  const userId = session.data?.user.id;
  // Another person starts with a clean memory.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const memory = useMemo(() => new ListMemory(), [userId]);
  if (session.isPending) return <Loading />;
  if (session.isError) return <Failed error={session.error} onRetry={() => void session.refetch()} />;
  if (session.data === null) {
    const next = location.pathname + location.search;
    return <Navigate to={next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`} replace />;
  }
  // Who must set up a second factor gets no answer to anything else.
  if (session.data.must_enrol && location.pathname !== "/account") return <Navigate to="/account" replace />;
  // A form has a bar of its own at the bottom; the designer has no room to give.
  const hasOwnBar = /^\/design\/|\/(new|edit)$/.test(location.pathname);
  return (
    <SessionContext value={session.data}>
      <ListMemoryContext value={memory}>
        <div className={hasOwnBar ? "shell shell-own-bar" : "shell"}>
          <a className="skip" href="#content">
            {t("skip")}
          </a>
          {navigation.state === "idle" ? null : <div className="progress" role="progressbar" aria-label={t("loading")} />}
          {api.isViewing ? <ViewAsBar /> : null}
          <TopBar />
          <main id="content" className="shell-content" tabIndex={-1}>
            <Suspense fallback={<Loading />}>
              <Outlet />
            </Suspense>
          </main>
          {isPhone && !hasOwnBar ? <BottomBar /> : null}
          {/* Its texts come late; the page below must not be hidden meanwhile, for it would lose the focus. */}
          <Suspense>{over.data ? <SignInAgain onClose={() => client.setQueryData(keys.sessionOver, false)} /> : null}</Suspense>
        </div>
      </ListMemoryContext>
    </SessionContext>
  );
}
