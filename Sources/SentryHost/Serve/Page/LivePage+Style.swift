extension LivePage {
  static let style = """

    :root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1e23; --muted: #5c6470; --line: #d8dce2;
      --tint: #f4f6f8; --note: #fff4d6; --note-line: #b07d10; --focus: #0b5cad;
      --c0: #0072b2; --c1: #c24e00; --c2: #00805d; --c3: #b0508a; --c4: #9a6a00; --c5: #2a86c0; --c6: #6b6f76; --c7: #7a3db8; }
    @media (prefers-color-scheme: dark) { :root { --paper: #16191d; --ink: #e8eaed; --muted: #a3abb5; --line: #3a4048;
      --tint: #1f242a; --note: #3a3118; --note-line: #a9842c; --focus: #8ec5ff;
      --c0: #4aa8e0; --c1: #f08038; --c2: #2cc79a; --c3: #e08fc0; --c4: #f0b429; --c5: #8fd0f5; --c6: #a8adb5; --c7: #b98af0; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 96rem; padding: 1rem; background: var(--paper); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
    header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .8rem; margin-bottom: .8rem; }
    h1 { font-size: 1.3rem; margin: 0; }
    h2 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
    h3 { font-size: 1rem; font-weight: 600; margin: .7rem 0 .3rem; overflow-wrap: anywhere; }
    p { margin: 0; }
    #source, #facts, footer, .small { color: var(--muted); overflow-wrap: anywhere; }
    #facts, .value { font-variant-numeric: tabular-nums; }
    main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-items: start; }
    @media (min-width: 60rem) { main { grid-template-columns: minmax(0, 5fr) minmax(20rem, 3fr); }
      #stage { position: sticky; top: 1rem; } }
    #picture, noscript img { display: block; width: 100%; max-height: 82vh; object-fit: contain; background: var(--tint);
      border: 1px solid var(--line); border-radius: 6px; }
    #controls { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1rem; margin: .6rem 0; }
    button { font: inherit; min-height: 2.75rem; min-width: 6rem; padding: .3rem 1rem; color: var(--ink); background: var(--tint);
      border: 1px solid var(--muted); border-radius: 6px; cursor: pointer; }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
    .note { background: var(--note); border-left: 4px solid var(--note-line); padding: .5rem .8rem; }
    [hidden] { display: none; }
    #answers { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
    .card { border: 1px solid var(--line); border-radius: 6px; padding: .7rem .9rem; min-width: 0; }
    .card header { margin: 0; justify-content: space-between; }
    ul { list-style: none; margin: 0; padding: 0; }
    li { display: grid; grid-template-columns: minmax(5rem, 9rem) minmax(0, 1fr) 3.2rem; align-items: center; gap: .6rem;
      padding: .1rem 0; }
    li.first { font-weight: 600; }
    .name { overflow-wrap: anywhere; line-height: 1.25; }
    .value { text-align: right; }
    .track { height: .8rem; background: var(--tint); border: 1px solid var(--line); border-radius: 3px; overflow: hidden; }
    .fill { height: 100%; width: 0; }
    .chart { display: block; width: 100%; height: 6rem; margin-top: .5rem; }
    footer { margin-top: 1.2rem; font-size: .85rem; }

    """
}
