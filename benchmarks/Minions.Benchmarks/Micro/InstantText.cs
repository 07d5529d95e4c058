namespace Minions.Benchmarks.Micro;

/// <summary>The text that instant models know: ids count up and start again.</summary>
internal static class InstantText
{
    public const int Vocabulary = 16;
    public const int ContextLength = 4096;

    public static int After(int id) => (id + 1) % Vocabulary;
}
