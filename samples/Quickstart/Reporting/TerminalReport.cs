using System.Globalization;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Verification;
using Quickstart.Measuring;
using Quickstart.Prompts;
using Spectre.Console;

namespace Quickstart.Reporting;

/// <summary>What a person sees: the answers as they are written, then the measurements.</summary>
internal sealed class TerminalReport(IAnsiConsole console, IReadOnlyList<string> drafts)
{
    private readonly SourceColors _colors = new(drafts);

    private bool ShowsColors => console.Profile.Capabilities.Ansi && console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;

    public void Legend()
    {
        if (!ShowsColors || drafts.Count == 0)
            return;

        Show("Tokens by source:", Style.Plain);
        foreach ((string meaning, Style style) in _colors.Legend())
            Show("  \u25A0 " + meaning, style);
        console.WriteLine();
    }

    public void Heading(Prompt prompt)
    {
        console.WriteLine();
        Show("> " + (prompt.Question ?? prompt.Id), new Style(decoration: Decoration.Bold));
        console.WriteLine();
    }

    public void Token(GeneratedToken token) => Show(token.Text, _colors.Of(token));

    public void EndOfAnswer() => console.WriteLine();

    public void Measurements(IReadOnlyCollection<PromptOutcome> outcomes, Exactness exactness)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("prompt");
        foreach (string column in new[] { "plain\ntok/s", "speculative\ntok/s", "ratio", "tokens\na run", "accepted", "identical" })
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (PromptOutcome outcome in outcomes)
            AddRow(table, outcome.Prompt.Id, Figures.Of(outcome));
        if (outcomes.Count > 1)
        {
            table.AddEmptyRow();
            AddRow(table, "all", Figures.Of(outcomes));
        }

        console.WriteLine();
        console.Write(table);
        Explain(outcomes, exactness);
    }

    private void Explain(IReadOnlyCollection<PromptOutcome> outcomes, Exactness exactness)
    {
        Line("plain: the target alone, one token a run. tokens a run: tokens committed by a run of the target. accepted: share of the checked draft tokens that the target chose too. identical: the speculative text is, id for id, what the target alone writes in bit-identical mode.");
        if (drafts.Count == 0)
            Line("No drafts: the speculative column is plain decoding in bit-identical mode.");
        if (!exactness.IsGuaranteed)
            Line($"This target cannot promise identical texts on this machine: {exactness.Reason}");
        foreach (IGrouping<string, DraftStatistics> draft in outcomes.SelectMany(outcome => outcome.Speculative.Statistics.Drafts).GroupBy(draft => draft.Name).Where(group => group.Any(draft => draft.Faults > 0)))
            Line(string.Create(CultureInfo.InvariantCulture, $"Draft {draft.Key} failed in {draft.Sum(entry => entry.Faults)} rounds and was left out of their votes."));
    }

    private static void AddRow(Table table, string name, Figures figures) => table.AddRow(
        new Text(ModelText.Harmless(name)),
        Number(figures.PlainTokensPerSecond, "0.0"),
        Number(figures.SpeculativeTokensPerSecond, "0.0"),
        Number(figures.Ratio, "0.00x"),
        Number(figures.TokensPerRound, "0.00"),
        Number(figures.Acceptance * 100, "0' %'"),
        new Text(figures.Identical ? "yes" : "NO", new Style(figures.Identical ? Color.Green : Color.Red)));

    private static Text Number(double value, string format) => new(value.ToString(format, CultureInfo.InvariantCulture));

    private void Show(string text, Style style) => console.Write(new ModelText(text, style));

    private void Line(string text)
    {
        console.Write(new Text(ModelText.Harmless(text), new Style(decoration: Decoration.Dim)));
        console.WriteLine();
    }
}
