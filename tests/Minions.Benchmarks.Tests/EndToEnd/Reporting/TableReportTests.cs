using Minions.Benchmarks.EndToEnd;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.EndToEnd.Reporting;
using Minions.Core.Verification;

namespace Minions.Benchmarks.Tests.EndToEnd.Reporting;

public sealed class TableReportTests
{
    private const int WidestLine = 160;

    [Test]
    public void A_table_with_every_column_fits_the_screen()
    {
        string[][] tables = Tables(Measured.Arms(
            ("plain", [1000, 1100]), ("plain-identical", [900, 1000]), ("single:draft-a+perfect+fixed:64+unpacked", [9000, 9100]), ("single:draft-a+perfect+goodput", [9000, 9100]), ("single:draft-a+pre-draft+fixed:64+unpacked", [9000, 9100])));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(tables, Has.Length.EqualTo(3), "all prompts and two domains");
            Assert.That(tables.SelectMany(table => table).Select(line => line.Length), Is.All.LessThanOrEqualTo(WidestLine));
            Assert.That(Titles(tables[0]), Is.SupersetOf(new[] { "tokens/s", "to identical", "of best fixed", "cold", "tokens /round", "pre- draft", "iden- tical", "of bound" }));
            Assert.That(Titles(tables[1]), Is.SupersetOf(new[] { "to identical", "of best fixed" }).And.None.EqualTo("cold"), "there is one cold request, of one domain");
        }
    }

    [Test]
    public void A_table_with_arms_of_GenAI_fits_the_screen_too()
    {
        string[] table = Tables(Measured.Arms(
            ("plain", [1000, 1100]), ("plain-identical", [900, 1000]), ("best-single+ngram", [9000, 9100]), ("genai", [700, 800]), ("genai-adaptive:draft-summaries", [800, 900])))[0];

        Assert.That(table.Select(line => line.Length), Is.All.LessThanOrEqualTo(WidestLine));
        Assert.That(Titles(table), Is.SupersetOf(new[] { "to identical", "to GenAI", "unlike GenAI", "unlike ours" }));
    }

    [Test]
    public void Columns_without_a_figure_are_left_out()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Titles(Tables(Measured.Arms(("plain", [1]), ("goodput", [2])))[0]), Has.None.EqualTo("to identical").And.None.EqualTo("of best fixed").And.Some.EqualTo("cold"));
            Assert.That(Titles(Tables(Measured.Arms(("plain", [1]), ("goodput", [2])))[0]), Has.None.EqualTo("pre- draft").And.None.Contains("GenAI").And.None.Contains("unlike"));
            Assert.That(Titles(Tables(Measured.Arms(("fixed:2", [1]), ("goodput", [2])))[0]), Has.None.EqualTo("to identical").And.Some.EqualTo("of best fixed").And.None.EqualTo("cold"));
        }
    }

    [Test]
    public void Figures_stand_under_their_titles()
    {
        string[] table = Tables(Measured.Arms(("plain", [10]), ("plain-identical", [8]), ("fixed:2", [16]), ("goodput", [12])))[0];

        Assert.That(table[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..9], Is.EqualTo(new[] { "goodput", "12.0", "12.0", "-", "12.0", "1.200", "1.500", "0.750", "1.200" }));
    }

    private static string[][] Tables(Measurements measured)
    {
        using var output = new StringWriter();
        TableReport.Write(output, new EndToEndArguments(), Exactness.Guaranteed, measured);
        return [.. output.ToString().Split(Environment.NewLine + Environment.NewLine)[1..].Select(table => table.TrimEnd().Split(Environment.NewLine))];
    }

    // Columns are right-aligned, so the words of a title end where the two lines have a common gap behind them.
    private static string[] Titles(string[] table)
    {
        int width = table.Max(line => line.Length);
        string[] lines = [.. table.Take(2).Select(line => line.PadRight(width))];
        var titles = new List<string>();
        int start = 0;
        for (int i = 0; i <= width; i++)
        {
            if (i < width && !IsGap(i))
                continue;
            titles.Add(string.Join(' ', lines.Select(line => line[start..i].Trim()).Where(word => word.Length > 0)));
            start = i;
        }

        return titles.Where(title => title.Length > 0).ToArray();

        bool IsGap(int place) => place + 1 < width && table.All(line => line.PadRight(width).AsSpan(place, 2).IsWhiteSpace());
    }
}
