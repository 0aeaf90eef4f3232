/** Public links one looks after: what each opens, whether it can be used, how often it was; paused, let go on, and taken back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi, useSession } from "@/shared/api/context";
import { showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { Failed, Loading, problemText } from "@/shared/ui/States";
import { linksKey, pauseLink, readLinks, revokeLink, type PublicLink, type Which } from "./linksApi";
import "./links.css";

export interface LinkListProps {
  readonly which: Which;
  /** Whether it is said what each link opens, and who made it: where those of several are listed. */
  readonly isOfMany?: boolean;
}

export function LinkList({ which, isOfMany = false }: LinkListProps): JSX.Element {
  const { t } = useTranslation("links");
  const api = useApi();
  const client = useQueryClient();
  const [refusal, setRefusal] = useState<string | null>(null);
  const links = useQuery({ queryKey: linksKey(which), queryFn: ({ signal }) => readLinks(api, which, signal) });
  const run = async (deed: () => Promise<unknown>): Promise<void> => {
    setRefusal(null);
    try {
      await deed();
    } catch (error) {
      setRefusal(problemText(error, t));
    }
    await client.invalidateQueries({ queryKey: ["public links"] });
  };
  if (links.isPending) return <Loading />;
  if (links.isError) return <Failed error={links.error} onRetry={() => void links.refetch()} />;
  return (
    <>
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      {links.data.length === 0 ? <p className="links-none">{t("none")}</p> : null}
      <ul className="links-list">
        {links.data.map((link) => (
          <LinkLine key={link.id} link={link} isOfMany={isOfMany} onPause={(isPaused) => void run(() => pauseLink(api, link.id, isPaused))} onRevoke={() => void run(() => revokeLink(api, link.id))} />
        ))}
      </ul>
    </>
  );
}

interface LinkLineProps {
  readonly link: PublicLink;
  readonly isOfMany: boolean;
  readonly onPause: (isPaused: boolean) => void;
  readonly onRevoke: () => void;
}

function LinkLine({ link, isOfMany, onPause, onRevoke }: LinkLineProps): JSX.Element {
  const { t, i18n } = useTranslation("links");
  const [isAsking, setAsking] = useState(false);
  const language = i18n.language;
  const zone = useSession().time_zone;
  const uses = link.most_uses === null ? t(`uses.${link.kind}`, { count: link.uses }) : t(`usesOf.${link.kind}`, { count: link.uses, most: link.most_uses });
  const facts = [
    ...(isOfMany ? [`${label(link.app_name, language, link.app)} › ${label(link.entity_name, language, link.entity)}`, t(`kind.${link.kind}`), link.created_by_name] : []),
    uses,
    ...(link.has_password ? [t("hasPassword")] : []),
    ...(link.expires_at === null ? [] : [t("until", { when: showInstant(link.expires_at, language, zone) })]),
  ];
  return (
    <li>
      <div>
        <strong>{link.name}</strong> <span className={`links-state is-${link.state}`}>{t(`state.${link.state}`)}</span>
        <span className="links-facts">{facts.filter(Boolean).join(" · ")}</span>
      </div>
      <div className="links-acts">
        {isAsking ? (
          <>
            <Button look="danger" onClick={onRevoke}>
              {t("revokeSure")}
            </Button>
            <Button onClick={() => setAsking(false)}>{t("common:cancel")}</Button>
          </>
        ) : (
          <>
            <Button look="text" aria-label={t(link.is_paused ? "resumeName" : "pauseName", { name: link.name })} onClick={() => onPause(!link.is_paused)}>
              {t(link.is_paused ? "resume" : "pause")}
            </Button>
            <Button look="text" aria-label={t("revokeName", { name: link.name })} onClick={() => setAsking(true)}>
              {t("revoke")}
            </Button>
          </>
        )}
      </div>
    </li>
  );
}
