/** Lists the options of a choice: their labels, colour and order; options are added at the end. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { below } from "@/shared/renderer/optionTree";
import { Button } from "@/shared/ui/Button";
import { useDesign, useDocument } from "../../core/DesignContext";
import { type OptionDefinition, type Pointer, under } from "../../core/doc";
import type { Gesture } from "../../core/history";
import { useTexts } from "../../core/useTexts";
import { addOption, optionsOf, removeOption, shiftOption } from "../columns";
import { SelectControl } from "./controls";
import { Labelled } from "./Labelled";
import { useEdit } from "./useEdit";

const COLORS = ["grey", "blue", "green", "orange", "red", "purple", "cyan", "gold", "pink"] as const;

export function OptionsPanel({ field, isTree = false }: { readonly field: Pointer; readonly isTree?: boolean }): JSX.Element {
  const { t } = useTexts("designer.form");
  const { store, labels } = useDesign();
  const document = useDocument();
  const options = optionsOf(document, field);
  const execute = (gesture: Gesture): void => void store.getState().execute(gesture);
  return (
    <>
      <ol className="prop-list">
        {options.map((option, index) => (
          <li key={option.key}>
            <Labelled pointer={under(field, "options", option.key)} property="name" />
            {isTree ? <Parent field={field} option={option} options={options} /> : null}
            <div className="prop-list-tools">
              <Color field={field} option={option} />
              <code>{option.key}</code>
              <Button
                look="text"
                icon="up"
                aria-label={t("option.up", { key: option.key })}
                disabled={index === 0}
                onClick={() => execute(shiftOption(document, field, option.key, -1))}
              />
              <Button
                look="text"
                icon="down"
                aria-label={t("option.down", { key: option.key })}
                disabled={index === options.length - 1}
                onClick={() => execute(shiftOption(document, field, option.key, 1))}
              />
              <Button look="text" icon="trash" aria-label={t("option.remove", { key: option.key })} onClick={() => execute(removeOption(document, field, option.key))} />
            </div>
          </li>
        ))}
      </ol>
      <Button icon="add" onClick={() => execute(addOption(document, field, labels))}>
        {t("option.add")}
      </Button>
    </>
  );
}

/** The option another lies under; those below itself cannot be it. */
function Parent({ field, option, options }: { readonly field: Pointer; readonly option: OptionDefinition; readonly options: readonly OptionDefinition[] }): JSX.Element {
  const { t } = useTexts("designer.form");
  const { labels } = useDesign();
  const edit = useEdit(under(field, "options", option.key));
  const own = new Set(below(options, option.key));
  return (
    <SelectControl
      title={t("property.parent")}
      value={option.parent ?? ""}
      options={[{ value: "", text: t("parent.none") }, ...options.filter((one) => !own.has(one.key)).map((one) => ({ value: one.key, text: label(one.name, labels, one.key) }))]}
      onChange={(value) => edit.choose("parent", value === "" ? undefined : value)}
    />
  );
}

function Color({ field, option }: { readonly field: Pointer; readonly option: OptionDefinition }): JSX.Element {
  const { t } = useTexts("designer.form");
  const edit = useEdit(under(field, "options", option.key));
  return (
    <SelectControl
      title={t("property.color")}
      value={option.color ?? "grey"}
      options={COLORS.map((value) => ({ value, text: t(`color.${value}`) }))}
      onChange={(value) => edit.choose("color", value)}
    />
  );
}
