namespace Minions.Docs.Tests.Options;

/// <summary>A row of a table of options.</summary>
internal sealed record OptionRow(string Name, string Type, string Default, string Range, string Meaning)
{
    public static OptionRow Of(string[] cells)
    {
        Assert.That(cells, Has.Length.EqualTo(5), string.Join(" | ", cells));
        return new OptionRow(cells[0].Trim('`'), cells[1], cells[2], cells[3], cells[4]);
    }
}
