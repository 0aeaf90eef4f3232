/** Shows what an upgrade, or taking a package out, would do, lets conflicts be decided, and puts it into the draft when none is left. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { useNavigate } from "react-router";
import { useApi } from "@/shared/api/context";
import { Problem } from "@/shared/api/problem";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { Loading, problemTitle } from "@/shared/ui/States";
import { Tag } from "@/shared/ui/Tag";
import { useToast } from "@/shared/ui/Toasts";
import { useTexts } from "../core/useTexts";
import { ConflictList } from "./ConflictList";
import { MergedList } from "./MergedList";
import { type Act, type Choices, planUpgrade, putIntoDraft, type Rule, type UpgradePlan, type Wanted } from "./upgradeApi";

type PlannedProps = { readonly app: string; readonly act: Act; readonly package: string; readonly version: string };

export function PlannedUpgrade({ app, act, package: name, version }: PlannedProps): JSX.Element {
  const api = useApi();
  const [choices, setChoices] = useState<Choices>({});
  const [rule, setRule] = useState<Rule>(null);
  const wanted: Wanted = { package: name, version, choices, rule };
  const found = useQuery({
    queryKey: ["design", app, "upgrade-plan", act, wanted],
    queryFn: () => planUpgrade(api, app, act, wanted),
    retry: false,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  if (found.isError) return <Refused error={found.error} />;
  if (found.isPending) return <Loading />;
  return (
    <Planned
      app={app}
      act={act}
      wanted={wanted}
      plan={found.data}
      isThinking={found.isPlaceholderData}
      onChoose={(pointer, side) => setChoices({ ...choices, [pointer]: side })}
      onRule={(next) => {
        setRule(next);
        setChoices({});
      }}
    />
  );
}

/** Why there is no plan: the package cannot be merged with the app at all, place by place. */
function Refused({ error }: { readonly error: unknown }): JSX.Element {
  const { t } = useTexts("designer.upgrade");
  const errors = error instanceof Problem ? error.errors : [];
  return (
    <Notice look="error">
      {error instanceof Problem && error.detail ? error.detail : problemTitle(error, t)}
      <ul>
        {errors.map((one) => (
          <li key={`${one.pointer ?? ""}${one.code}`}>
            <code>{one.pointer}</code> {one.detail}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

interface ShownProps {
  readonly app: string;
  readonly act: Act;
  readonly wanted: Wanted;
  readonly plan: UpgradePlan;
  /** Whether the plan is still that of the choices before. */
  readonly isThinking: boolean;
  readonly onChoose: (pointer: string, side: "ours" | "theirs") => void;
  readonly onRule: (rule: Rule) => void;
}

function Planned({ app, act, wanted, plan, isThinking, onChoose, onRule }: ShownProps): JSX.Element {
  const { t, language } = useTexts("designer.upgrade");
  const api = useApi();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const chosenOf = (pointer: string): "ours" | "theirs" | null =>
    wanted.choices[pointer] ?? plan.conflicts.find((one) => one.pointer === pointer)?.chosen ?? null;
  const kind = act === "packages/removal" ? "removal" : act;
  const open = plan.conflicts.filter((one) => chosenOf(one.pointer) === null).length;

  const apply = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await putIntoDraft(api, app, act, wanted, plan.revision);
      // What this page shows is over: the plan is carried out.
      await cache.invalidateQueries({ queryKey: ["design", app], refetchType: "none" });
      toast(t(`done.${kind}`));
      await navigate(`/design/${app}/publish`);
    } catch (error) {
      setFailure(error);
      setBusy(false);
      await cache.invalidateQueries({ queryKey: ["design", app, "upgrade-plan"] });
    }
  };

  return (
    <section className="publish-part" aria-labelledby={`plan-title-${kind}`} aria-busy={isThinking}>
      <h2 id={`plan-title-${kind}`}>{t(`plan.${kind}`, { package: wanted.package, version: wanted.version })}</h2>
      <ul className="upgrade-moved">
        {plan.packages.map((one) => (
          <li key={one.package}>
            <Tag color="blue">{one.package}</Tag> {one.before ?? t("not-there")} → {one.after ?? t("not-there")}
          </li>
        ))}
      </ul>
      {plan.is_draft_changed ? <Notice look="info">{t("draft-changed")}</Notice> : null}
      {plan.conflicts.length === 0 ? (
        <p className="design-hint">{t(kind === "removal" ? "used.none" : "conflicts.none")}</p>
      ) : (
        <ConflictList kind={kind} conflicts={plan.conflicts} chosenOf={chosenOf} rule={wanted.rule} onChoose={onChoose} onRule={onRule} />
      )}
      {plan.issues.length === 0 ? null : (
        <div className="publish-issues" role="alert">
          <h3>{t("issues", { count: plan.issues.length })}</h3>
          <ul>
            {plan.issues.map((issue) => (
              <li key={`${issue.pointer}:${issue.code}`}>
                <code>{issue.pointer}</code> {label(issue.message, language, issue.code)}
              </li>
            ))}
          </ul>
        </div>
      )}
      {plan.warnings.length === 0 ? null : (
        <Notice look="warning">
          <h3>{t("warnings")}</h3>
          <ul className="publish-warnings">
            {plan.warnings.map((warning) => (
              <li key={`${warning.pointer}:${warning.code}:${label(warning.message, language)}`}>{label(warning.message, language, warning.code)}</li>
            ))}
          </ul>
        </Notice>
      )}
      <MergedList kind={kind} plan={plan} />
      {failure === null ? null : <Notice look="error">{failure instanceof Problem && failure.detail ? failure.detail : problemTitle(failure, t)}</Notice>}
      <div className="publish-acts">
        <Button look="primary" isBusy={isBusy} disabled={open > 0 || isThinking} onClick={() => void apply()}>
          {t("apply")}
        </Button>
        <p className="design-hint">{open > 0 ? t(kind === "removal" ? "undecided" : "open", { count: open }) : t("apply.hint")}</p>
      </div>
    </section>
  );
}
