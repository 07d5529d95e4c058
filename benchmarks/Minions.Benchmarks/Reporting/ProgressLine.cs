namespace Minions.Benchmarks.Reporting;

/// <summary>One line on standard error that is written over and over; nothing where that is no terminal, but for milestones.</summary>
internal static class ProgressLine
{
    public static void Show(string text)
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write($"\r\e[K{text}");
    }

    public static void Milestone(string text)
    {
        if (Console.IsErrorRedirected)
            Console.Error.WriteLine(text);
        else
            Show(text);
    }

    public static void Clear()
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write("\r\e[K");
    }
}
