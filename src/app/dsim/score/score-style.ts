/** Follows the reader's light or dark mode. */
export const SCORE_STYLE = `
:root{color-scheme:light dark;--ink:#1b2330;--dim:#5b6778;--paper:#fff;--line:#d9dfe7;--value:#1f5fbf;--band:#1f5fbf22;--fault:#d0342c1f;--harm:#d0342c;--opened:#b06a00;--score:#7a3fb0}
@media(prefers-color-scheme:dark){:root{--ink:#e4e9f1;--dim:#9aa6b7;--paper:#12161d;--line:#2c3542;--value:#6aa6ff;--band:#6aa6ff26;--fault:#ff6b6126;--harm:#ff6b61;--opened:#ffb454;--score:#c495ff}}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
main{max-width:84rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.5rem}h2{font-size:1.25rem;margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1rem}h3{font-size:1rem}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .7rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;white-space:nowrap}th{color:var(--dim);font-weight:600;white-space:normal}
.note,figcaption{color:var(--dim)}figcaption b{color:var(--ink)}figure{margin:1rem 0 1.5rem}
.series{font:12px/1.4 ui-monospace,monospace;margin:.3rem 0;overflow-wrap:anywhere}
svg{width:100%;height:auto;background:transparent}svg text{fill:var(--dim);font:11px system-ui,sans-serif}
.value{fill:none;stroke:var(--value);stroke-width:1.4}.band{fill:var(--band);stroke:none}.score{fill:none;stroke:var(--score);stroke-width:1.2}
.boundary{stroke:var(--dim);stroke-dasharray:3 3}.fault{fill:var(--fault)}.harm{stroke:var(--harm);stroke-width:1.5}.opened{stroke:var(--opened);stroke-width:1.5;stroke-dasharray:5 3}
.none{color:var(--dim)}
`;
