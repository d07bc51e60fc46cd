namespace KmsActors.Simulator;

/// <summary>How the report looks; without &lt;, &gt; and &amp;, which an element would encode.</summary>
internal static class ReportStyle
{
    /// <summary>CSS, for light and for dark screens, wide and narrow ones, and for paper.</summary>
    public const string Css = """

        :root {
          color-scheme: light dark;
          --page: #f4f5f7; --card: #ffffff; --text: #1c2430; --quiet: #556070; --rule: #d8dde4;
          --c1: #2f6fb5; --c2: #8a93a0; --c3: #cf4a1f; --c4: #c79a00; --bad: #b3261e;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #12161c; --card: #1b212a; --text: #e6eaf0; --quiet: #a3afbd; --rule: #36404d;
            --c1: #62a5e8; --c2: #8d98a7; --c3: #f2764b; --c4: #e3bb3f; --bad: #ff8a80;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.45 system-ui, sans-serif; }
        main { max-width: 1040px; margin: 0 auto; padding: 20px 16px 40px; }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 8px; overflow-wrap: anywhere; }
        h2 { font-size: 1.15rem; margin: 32px 0 12px; }
        h3 { font-size: 1rem; margin: 0; }
        p { margin: 0 0 8px; overflow-wrap: anywhere; }
        .quiet, .note, summary { color: var(--quiet); }
        .note, summary, table { font-size: 0.9rem; }
        .tiles, .cards { display: grid; gap: 16px; }
        .tiles { grid-template-columns: repeat(2, 1fr); margin-top: 20px; }
        @media (min-width: 700px) { .tiles { grid-template-columns: repeat(4, 1fr); } }
        .cards { grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); }
        .cards .nothing { align-self: start; }
        .cards .whole { grid-column: 1 / -1; }
        .tables { columns: 2 300px; column-gap: 16px; }
        .tables .card { break-inside: avoid; margin-bottom: 16px; }
        .tile, .card {
          background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 14px; margin: 0;
        }
        .tile strong { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
        .bad strong { color: var(--bad); }
        svg { display: block; width: 100%; max-width: 480px; height: auto; margin: 8px auto; }
        svg text { font: 14px system-ui, sans-serif; fill: var(--text); }
        .grid line { stroke: var(--rule); stroke-width: 1; }
        .legend {
          display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 4px 0; padding: 0;
          font-size: 0.9rem;
        }
        .legend svg { display: inline-block; width: 12px; height: 12px; margin: 0 6px 0 0; }
        .fill1 { fill: var(--c1); } .fill2 { fill: var(--c2); }
        .fill3 { fill: var(--c3); } .fill4 { fill: var(--c4); }
        .line1, .line2, .line3, .line4 { fill: none; stroke-width: 2; stroke-linejoin: round; }
        .line1 { stroke: var(--c1); } .line2 { stroke: var(--c2); }
        .line3 { stroke: var(--c3); } .line4 { stroke: var(--c4); }
        pre + p { margin-top: 16px; }
        h3 + .scroll { margin-top: 4px; }
        summary { cursor: pointer; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; vertical-align: bottom; padding: 3px 0 3px 12px; }
        td { white-space: nowrap; }
        tr { border-bottom: 1px solid var(--rule); }
        th:first-child, td:first-child { text-align: left; padding-left: 0; }
        th { font-weight: 600; }
        pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.45 ui-monospace, monospace; }
        @media print { .card, .tile { break-inside: avoid; } }

        """;
}
