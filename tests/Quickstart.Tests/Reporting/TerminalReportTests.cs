using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Verification;
using Quickstart.Measuring;
using Quickstart.Reporting;
using Quickstart.Tests.Doubles;
using Spectre.Console;

namespace Quickstart.Tests.Reporting;

public sealed class TerminalReportTests
{
    private const string Escape = "\u001b[";

    [Test]
    public void A_token_has_the_colour_of_its_source_and_the_targets_own_has_none()
    {
        string own = Shown(true, report => report.Token(Token("own")));
        string first = Shown(true, report => report.Token(Token("first", "a")));
        string second = Shown(true, report => report.Token(Token("second", "b")));
        string both = Shown(true, report => report.Token(Token("both", "a", "b")));

        Assert.That(own, Is.EqualTo("own"));
        Assert.That(new[] { Color(first, "first"), Color(second, "second"), Color(both, "both") }, Is.Unique);
    }

    [Test]
    public void The_legend_names_every_colour_in_use()
    {
        string legend = Shown(true, report => report.Legend());

        Assert.That(legend, Does.Contain(Color(Shown(true, report => report.Token(Token("x", "b"))), "x")));
        Assert.That(legend, Does.Contain("target's own").And.Contain(" a").And.Contain(" b").And.Contain("several drafts"));
    }

    [Test]
    public void Without_colours_there_is_text_alone()
    {
        string shown = Shown(false, report =>
        {
            report.Legend();
            report.Token(Token("x", "a"));
        });

        Assert.That(shown, Is.EqualTo("x"));
    }

    [TestCase("[red]not markup[/] [[ ]")]
    [TestCase("    indented\n\n  code\n")]
    [TestCase("a line far longer than the eighty columns that a terminal has when it does not say how many columns it has, so never wrapped")]
    public void What_a_model_writes_is_shown_as_it_is(string text)
    {
        Assert.That(Shown(false, report => report.Token(Token(text))), Is.EqualTo(text));
    }

    [Test]
    public void A_model_cannot_steer_the_terminal()
    {
        Assert.That(Shown(true, report => report.Token(Token("\u001b[2J\u0007\r\u009bx"))), Is.EqualTo("\uFFFD[2J\uFFFD\uFFFD\uFFFDx"));
    }

    [Test]
    public async Task The_table_has_a_row_for_each_prompt_and_one_for_all()
    {
        await using SpeculativePipeline pipeline = AlphabetPipeline.Create(drafts: "a");
        PromptOutcome[] outcomes = await AlphabetPipeline.AnswerAsync(pipeline, 21, 4, "one", "[two]");

        string[] rows = Shown(false, report => report.Measurements(outcomes, Exactness.NotAvailable("of a reason"))).Split('\n');

        using (Assert.EnterMultipleScope())
        {
            foreach (string name in new[] { "one", "[two]", "all" })
                Assert.That(rows, Has.Exactly(1).Matches<string>(row => row.Contains($" {name} ") && row.Contains("5.00") && row.Contains("100 %") && row.Contains("yes")));
            Assert.That(rows, Has.Some.Contains("of a reason"));
        }
    }

    private static GeneratedToken Token(string text, params string[] drafts) => new() { Id = 0, Text = text, Index = 0, ProposedBy = drafts };

    private static string Color(string shown, string text)
    {
        int end = shown.IndexOf(text, StringComparison.Ordinal);
        Assert.That(shown, Does.StartWith(Escape));
        return shown[..end];
    }

    private static string Shown(bool colors, Action<TerminalReport> show)
    {
        using var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 120;
        show(new TerminalReport(console, ["a", "b"]));
        return writer.ToString();
    }
}
