/** Shows the key of a field; before the field is published it can be changed, or proposed anew from the label. */
import { type JSX, useState } from "react";
import { Button } from "@/shared/ui/Button";
import { useDocument } from "../../core/DesignContext";
import { useTexts } from "../../core/useTexts";
import { keyFault } from "../rename";
import type { FieldPlace } from "../usage";
import { TextControl } from "./controls";

type KeyControlProps = {
  readonly place: FieldPlace;
  readonly isFixed: boolean;
  readonly onRename: (key: string) => void;
  readonly onPropose: () => void;
};

export function KeyControl({ place, isFixed, onRename, onPropose }: KeyControlProps): JSX.Element {
  const { t } = useTexts("designer.form");
  const document = useDocument();
  const [typed, setTyped] = useState<string | null>(null);
  const fault = typed === null ? null : keyFault(document, place, typed);
  return (
    <div className="prop-key">
      <TextControl
        title={t("property.key")}
        name="key"
        isCode
        value={typed ?? place.field}
        isDisabled={isFixed}
        hint={isFixed ? t("key.fixed") : t("key.hint")}
        faults={fault === null ? [] : [t(`key.${fault}`)]}
        onChange={setTyped}
        onLeave={() => {
          if (typed !== null && fault === null) onRename(typed);
          setTyped(null);
        }}
      />
      {isFixed ? null : (
        <Button look="text" onClick={onPropose}>
          {t("key.propose")}
        </Button>
      )}
    </div>
  );
}
