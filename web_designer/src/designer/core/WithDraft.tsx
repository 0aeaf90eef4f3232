/** The draft of the app in the address in, what is shown of it out, once it is open; where it does not open, why, and a way to try again. */
import { useState, type JSX } from "react";
import { useParams } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { Loading } from "@/shared/ui/States";
import { NotOpened } from "./NotOpened";
import { type OpenDraft, useOpenDraft } from "./useOpenDraft";

/** What shows a draft that is open. */
type Shown = (app: string, draft: OpenDraft) => JSX.Element;

export function WithDraft({ shown }: { readonly shown: Shown }): JSX.Element {
  const { app = "" } = useParams();
  const [attempt, setAttempt] = useState(0);
  return <Opening key={`${app}:${attempt}`} app={app} shown={shown} onRetry={() => setAttempt(attempt + 1)} />;
}

function Opening({ app, shown, onRetry }: { readonly app: string; readonly shown: Shown; readonly onRetry: () => void }): JSX.Element {
  const opening = useOpenDraft(useApi(), useSession().user.id, app);
  if (opening.state === "failed") return <NotOpened app={app} error={opening.error} onRetry={onRetry} />;
  if (opening.state === "opening") return <Loading />;
  return shown(app, opening.draft);
}
