/** A page with its head: what it is called, which is the window's title too, what can be done on all of it, and below that what it shows. */
import { useEffect, type JSX, type ReactNode } from "react";

interface PageProps {
  readonly title: string;
  readonly look: string;
  readonly acts?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, look, acts, children }: PageProps): JSX.Element {
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div className={`page ${look}`}>
      <header className="page-head">
        <div className="page-title">
          <h1>{title}</h1>
        </div>
        {acts === undefined ? null : <span className="top-space" />}
        {acts}
      </header>
      {children}
    </div>
  );
}
