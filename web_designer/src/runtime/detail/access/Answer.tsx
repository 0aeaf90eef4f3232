/** Shows why somebody may or may not: the sentence, their roles, each policy with its conditions, and what hides a field. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import type { Explained, ExplainedCondition, ExplainedPolicy } from "@/shared/api/access";
import { label } from "@/shared/i18n/label";
import { Icon } from "@/shared/ui/Icon";

export function Answer({ answer }: { readonly answer: Explained }): JSX.Element {
  const { t, i18n } = useTranslation("access");
  const language = i18n.language;
  const names = (roles: Explained["would_allow"]): string => roles.map((role) => label(role.name, language, role.key)).join(language === "en" ? ", " : "、");
  /** A role the user's own record does not give says what does: a position, a group. */
  const held = answer.roles
    .map((role) => {
      const others = role.given_by.filter((one) => one.source !== "user").map((one) => one.name);
      return label(role.name, language, role.key) + (others.length === 0 ? "" : ` (${others.join(", ")})`);
    })
    .join(language === "en" ? ", " : "、");
  const field = answer.field;
  return (
    <div className="access-answer" aria-live="polite">
      <p className={`access-verdict access-${answer.verdict}`}>
        <Icon name={answer.verdict === "no" ? "warning" : "check"} /> {label(answer.sentence, language)}
      </p>
      <p className="access-quiet">
        {answer.roles.length === 0 ? t("noRoles") : t("roles", { names: held })}
        {answer.user.department === null ? "" : ` · ${answer.user.department}`}
      </p>
      {field === null ? null : (
        <div className="access-field">
          <p>
            {label(field.name, language, field.path)}: {t(`level.${field.level}`)}
          </p>
          {field.discloses ? <p className="access-quiet">{t("discloses")}</p> : null}
          <ul>
            {field.inputs.map((one) => (
              <li key={one.path.join(".")}>
                {t("input", { name: label(one.name, language) })}: {t(`input.${one.shown}`)}
              </li>
            ))}
          </ul>
        </div>
      )}
      <ul className="access-policies">
        {answer.policies.map((policy) => (
          <Policy key={policy.key} policy={policy} />
        ))}
      </ul>
      {answer.would_allow.length === 0 ? null : <p>{t("would", { names: names(answer.would_allow) })}</p>}
    </div>
  );
}

function Policy({ policy }: { readonly policy: ExplainedPolicy }): JSX.Element {
  const { t, i18n } = useTranslation("access");
  const parts = { key: policy.key, role: label(policy.role.name, i18n.language, policy.role.key) };
  return (
    <li>
      <h3>{policy.deny ? t("denies", parts) : t("grants", parts)}</h3>
      <ul>
        {policy.conditions.length === 0 ? <li className="access-quiet">{t("always")}</li> : null}
        {policy.conditions.map((one) => (
          <Condition key={`${one.text}:${label(one.words, "en")}`} condition={one} />
        ))}
      </ul>
      {policy.level === null ? null : <p>{t("level", { level: t(`level.${policy.level}`) })}</p>}
      {policy.when === null ? null : (
        <ul>
          <Condition condition={policy.when} prefix={t("when")} />
        </ul>
      )}
    </li>
  );
}

function Condition({ condition, prefix = "" }: { readonly condition: ExplainedCondition; readonly prefix?: string }): JSX.Element {
  const { t, i18n } = useTranslation("access");
  const language = i18n.language;
  return (
    <li className={condition.holds === false ? "access-fails" : ""}>
      <span className="access-mark" role="img" aria-label={condition.holds === false ? t("holdsNot") : t("holds")}>
        {condition.holds === false ? "✗" : "✓"}
      </span>{" "}
      {prefix}
      {label(condition.words, language, condition.text)}
      <ul className="access-facts">
        {condition.facts.map((fact) => (
          <li key={fact.path.join(".")}>
            {label(fact.name, language)}: {fact.hidden ? <em>{t("hidden")}</em> : (fact.title ?? (fact.value === null ? t("blank") : String(fact.value)))}
          </li>
        ))}
      </ul>
    </li>
  );
}
