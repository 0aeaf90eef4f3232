/** Shows the key of an element; before it is published it can be changed, or proposed anew from the element's text. */
import { type JSX, useState } from "react";
import { Button } from "@/shared/ui/Button";
import { useTexts } from "../../core/useTexts";
import { keyFault } from "../rename";
import { TextControl } from "./controls";

type KeyControlProps = {
  readonly value: string;
  /** The keys of the elements beside it. */
  readonly others: readonly string[];
  readonly isFixed: boolean;
  readonly hint: string;
  /** What the button says that proposes a key. */
  readonly proposal: string;
  readonly onRename: (key: string) => void;
  readonly onPropose: () => void;
};

export function KeyControl({ value, others, isFixed, hint, proposal, onRename, onPropose }: KeyControlProps): JSX.Element {
  const { t } = useTexts("designer.form");
  const [typed, setTyped] = useState<string | null>(null);
  const fault = typed === null ? null : keyFault(typed, others);
  return (
    <div className="prop-key">
      <TextControl
        title={t("property.key")}
        name="key"
        isCode
        value={typed ?? value}
        isDisabled={isFixed}
        hint={isFixed ? t("key.fixed") : hint}
        faults={fault === null ? [] : [t(`key.${fault}`)]}
        onChange={setTyped}
        onLeave={() => {
          if (typed !== null && fault === null) onRename(typed);
          setTyped(null);
        }}
      />
      {isFixed ? null : (
        <Button look="text" onClick={onPropose}>
          {proposal}
        </Button>
      )}
    </div>
  );
}
