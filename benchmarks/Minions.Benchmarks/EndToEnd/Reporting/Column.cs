namespace Minions.Benchmarks.EndToEnd.Reporting;

/// <summary>A column of a table, as wide as its widest cell.</summary>
/// <param name="Title">Its words stand over the cells, in two lines where a line break divides them.</param>
/// <param name="Cells">One a row.</param>
internal sealed record Column(string Title, IReadOnlyList<string> Cells)
{
    private const int TitleLines = 2;
    private const string Gap = "  ";

    private readonly string[] _title = Split(Title);

    private int Width => _title.Concat(Cells).Max(cell => cell.Length);

    /// <summary>Writes columns side by side, the first aligned to the left.</summary>
    public static void Write(TextWriter output, IReadOnlyList<Column> columns)
    {
        for (int line = 0; line < TitleLines; line++)
            WriteLine(column => column._title[line]);
        for (int row = 0; row < columns[0].Cells.Count; row++)
            WriteLine(column => column.Cells[row]);

        void WriteLine(Func<Column, string> cell) => output.WriteLine(string.Join(
            Gap, columns.Select((column, place) => place == 0 ? cell(column).PadRight(column.Width) : cell(column).PadLeft(column.Width))).TrimEnd());
    }

    // A title of one line stands right over the cells.
    private static string[] Split(string title) => [.. Enumerable.Repeat("", TitleLines).Concat(title.Split('\n')).TakeLast(TitleLines)];
}
