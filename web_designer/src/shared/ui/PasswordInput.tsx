/** A box for a password: a button shows what is typed, and a new one is told how strong it is while it is typed. */
import { useId, useState, type InputHTMLAttributes, type JSX, type Ref } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "./Icon";
import { SHORTEST, strengthOf } from "./passwordStrength";

interface PasswordProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "className"> {
  readonly ref?: Ref<HTMLInputElement>;
  /** What its owner is called, for a new password, of which the strength is shown. */
  readonly own?: readonly string[];
}

export function PasswordInput({ own, ref, onChange, ...rest }: PasswordProps): JSX.Element {
  const { t } = useTranslation("common");
  const meter = useId();
  const [isShown, setShown] = useState(false);
  const [typed, setTyped] = useState("");
  const strength = own === undefined || typed === "" ? null : strengthOf(typed, own);
  return (
    <>
      <span className="password">
        <input
          {...rest}
          {...(ref === undefined ? {} : { ref })}
          className="input"
          type={isShown ? "text" : "password"}
          spellCheck={false}
          autoCapitalize="none"
          aria-describedby={strength === null ? undefined : meter}
          onChange={(event) => {
            setTyped(event.target.value);
            onChange?.(event);
          }}
        />
        <button type="button" className="password-show" aria-pressed={isShown} aria-label={t("showTyped")} title={t(isShown ? "hideTyped" : "showTyped")} onClick={() => setShown(!isShown)}>
          <Icon name={isShown ? "eyeOff" : "eye"} size={18} />
        </button>
      </span>
      {own === undefined ? null : (
        <span className="password-strength" data-level={strength?.level ?? -1}>
          <span className="password-bar" aria-hidden="true" />
          <span id={meter} role="status">
            {strength === null ? t("strength.none", { count: SHORTEST }) : t(`strength.${strength.says}`, { count: SHORTEST })}
          </span>
        </span>
      )}
    </>
  );
}
