/** The lines of a file, each with a number that can be linked to. */

import { useEffect, useRef } from "react";
import { useLocation } from "react-router";

import "./source.css";

export function SourceText({ text, label }: { text: string; label: string }) {
  const { hash } = useLocation();
  const chosen = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    chosen.current?.scrollIntoView({ block: "center" });
  }, [hash]);
  const lines = text.replace(/\n$/, "").split("\n");
  return (
    <div className="source" role="region" aria-label={label} tabIndex={0}>
      <table>
        <tbody>
          {lines.map((line, at) => {
            const id = `#L${at + 1}`;
            return (
              <tr key={at} ref={hash === id ? chosen : undefined} className={hash === id ? "chosen" : undefined}>
                <td className="source-number">
                  <a href={id} aria-label={`Link to line ${at + 1}`}>
                    {at + 1}
                  </a>
                </td>
                <td className="source-line">{line}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
