namespace NativeAot;

/// <summary>What the user typed.</summary>
/// <param name="Question">The question, or the default one.</param>
/// <param name="WantsHelp">Whether usage was asked for.</param>
/// <param name="Fault">What is wrong with the arguments, or null.</param>
internal sealed record CommandLine(string Question, bool WantsHelp = false, string? Fault = null)
{
    public const string DefaultQuestion = "Where is order 1042?";

    public const string Usage =
        $"""
        Usage: NativeAot [question]

        Answers a question about a small shop with SmolLM2-135M-Instruct, which may call two tools:
        get_order (where an order is) and get_stock (how many pieces of an item there are).

          question   One argument, in quotes. Default: "{DefaultQuestion}"
          -h, --help Shows this text.
        """;

    public static CommandLine Read(string[] args) => args switch
    {
        [] => new CommandLine(DefaultQuestion),
        ["-h" or "--help"] => new CommandLine(DefaultQuestion, WantsHelp: true),
        ["--", .. string[] words] => Ask(words),
        [['-', ..] option, ..] => Wrong($"there is no option '{option}'. Put '--' before a question that begins with '-'."),
        _ => Ask(args),
    };

    private static CommandLine Ask(string[] words) => words switch
    {
        [string question] when !string.IsNullOrWhiteSpace(question) => new CommandLine(question),
        [_] or [] => Wrong("the question is empty."),
        _ => Wrong($"{words.Length} arguments were given, but the question is one: put it in quotes."),
    };

    private static CommandLine Wrong(string fault) => new(DefaultQuestion, Fault: fault);
}
