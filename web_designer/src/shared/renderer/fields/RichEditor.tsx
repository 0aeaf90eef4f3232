/** The editor of text with form: a bar of buttons over the text; what it gives is HTML, which the server makes safe. */
import { EditorContent, useEditor, useEditorState, type Editor } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { useEffect, useRef, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { useForm, useValue } from "../FormContext";
import type { FieldProps } from "./types";

interface Act {
  readonly key: string;
  readonly sign: string;
  readonly run: (editor: Editor) => void;
  readonly isOn?: (editor: Editor) => boolean;
}

const ACTS: readonly Act[] = [
  { key: "bold", sign: "B", run: (editor) => editor.chain().focus().toggleBold().run(), isOn: (editor) => editor.isActive("bold") },
  { key: "italic", sign: "I", run: (editor) => editor.chain().focus().toggleItalic().run(), isOn: (editor) => editor.isActive("italic") },
  { key: "strike", sign: "S", run: (editor) => editor.chain().focus().toggleStrike().run(), isOn: (editor) => editor.isActive("strike") },
  { key: "heading", sign: "H", run: (editor) => editor.chain().focus().toggleHeading({ level: 2 }).run(), isOn: (editor) => editor.isActive("heading") },
  { key: "bullets", sign: "•", run: (editor) => editor.chain().focus().toggleBulletList().run(), isOn: (editor) => editor.isActive("bulletList") },
  { key: "numbers", sign: "1.", run: (editor) => editor.chain().focus().toggleOrderedList().run(), isOn: (editor) => editor.isActive("orderedList") },
  { key: "quote", sign: "❝", run: (editor) => editor.chain().focus().toggleBlockquote().run(), isOn: (editor) => editor.isActive("blockquote") },
  { key: "undo", sign: "↶", run: (editor) => editor.chain().focus().undo().run() },
  { key: "redo", sign: "↷", run: (editor) => editor.chain().focus().redo().run() },
];

export function RichEditor({ field, path, inputId, aria }: FieldProps): JSX.Element | null {
  const { t } = useTranslation("form");
  const { store, language } = useForm();
  const value = useValue(path);
  const html = typeof value === "string" ? value : "";
  const given = useRef(html);
  const editor = useEditor({
    extensions: [StarterKit.configure({ heading: { levels: [1, 2, 3, 4] }, link: { openOnClick: false, protocols: ["http", "https", "mailto", "tel"] } })],
    content: html,
    editorProps: {
      attributes: {
        id: inputId,
        class: "rich-text",
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": label(field.name, language, field.key),
        ...(aria["aria-required"] === true ? { "aria-required": "true" } : {}),
      },
    },
    onUpdate: ({ editor: changed }) => {
      given.current = changed.isEmpty ? "" : changed.getHTML();
      store.set(path, given.current === "" ? null : given.current);
    },
  });
  useEffect(() => {
    // Changed by somebody else: a record read anew.
    if (html !== given.current) {
      given.current = html;
      editor?.commands.setContent(html, { emitUpdate: false });
    }
  }, [editor, html]);
  const marks = useEditorState({ editor, selector: ({ editor: now }) => (now === null ? "" : ACTS.filter((act) => act.isOn?.(now)).map((act) => act.key).join()) });
  if (editor === null) return null;
  return (
    <div className={`rich-box ${aria["aria-invalid"] === true ? "is-wrong" : ""}`}>
      <div className="rich-bar" role="toolbar" aria-label={t("rich.bar")}>
        {ACTS.map((act) => (
          <button key={act.key} type="button" className={`rich-act is-${act.key}`} aria-label={t(`rich.${act.key}`)} title={t(`rich.${act.key}`)} aria-pressed={act.isOn ? (marks ?? "").split(",").includes(act.key) : undefined} onMouseDown={(event) => event.preventDefault()} onClick={() => act.run(editor)}>
            {act.sign}
          </button>
        ))}
      </div>
      <EditorContent editor={editor} />
    </div>
  );
}
