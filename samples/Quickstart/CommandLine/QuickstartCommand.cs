using System.CommandLine;
using Minions.Core.OnnxRuntime;
using Minions.Core.Speculation;

namespace Quickstart.CommandLine;

/// <summary>The command line: its options, their ranges and their help.</summary>
internal sealed class QuickstartCommand
{
    public const int DefaultMaxTokens = 128;
    public const int DefaultChatMaxTokens = 1024;
    private const int MaximumMaxTokens = 1_000_000;
    private const int MaximumLength = 16;

    private readonly Option<string?> _target = Text("--target", "DIR", "Folder of the target model. Without --draft or --head it runs alone, or with the head in its folder. Default: the embedded SmolLM2-135M-Instruct with its head.");
    private readonly Option<string[]> _drafts = new("--draft")
    {
        HelpName = "DIR",
        Description = "Folder of a draft model; repeat the option for several. Drafts are told apart by the names of their folders.",
    };

    private readonly Option<string[]> _heads = new("--head")
    {
        HelpName = "DIR",
        Description = "Folder of a head, a draft that reads the target's states; repeat the option for several.",
    };

    private readonly Option<bool> _noDrafts = new("--no-drafts") { Description = "Run the target alone." };
    private readonly Option<bool> _noNgram = new("--no-ngram") { Description = "Leave out the n-gram draft, which otherwise guesses beside the other drafts from repetitions in the text." };
    private readonly Option<string> _panel = new("--panel")
    {
        HelpName = "auto|all",
        Description = "Which drafts run in a round: those that earn their time, or all of them. Default: auto.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<bool> _chat = new("--chat") { Description = "A conversation in the terminal, or line by line from standard input: type /help in it. Nothing is measured against the target alone." };
    private readonly Option<string?> _prompt = Text("--prompt", "TEXT", "What to ask, in the form of the target's own chat template; special tokens in it are text. A target without a template gets it as it is. Default: one question about code, one story, one about facts.");
    private readonly Option<bool> _raw = new("--raw") { Description = "Take --prompt as it is, without a chat template, its special tokens parsed." };
    private readonly Option<string?> _prompts = Text("--prompts", "FILE", "JSON Lines file of prompts: field 'prompt', taken as it is with special tokens parsed; 'id' and 'domain' where present.");
    private readonly Option<int> _maxTokens = Number("--max-tokens", 1, MaximumMaxTokens, "Most tokens to generate for a prompt, at least 1. In a chat the default is 1024.");
    private readonly Option<int> _length = Number("--length", 0, MaximumLength, "Fixed speculation length, 0 (plain decoding) to 16. Default: the pipeline's own rule. No effect without drafts.");
    private readonly Option<ExecutionProvider> _provider =
        Provider("--provider", "Where ONNX Runtime runs the models. Auto takes CUDA where it can be used and else the CPU. Default: cpu for the embedded models, auto for others.");

    private readonly Option<ExecutionProvider> _targetProvider = Provider("--target-provider", "Where the target runs, and a head in its folder. Wins over --provider.");
    private readonly Option<ExecutionProvider> _draftProvider = Provider("--draft-provider", "Where drafts and heads run. Wins over --provider.");
    private readonly Option<int> _deviceId = Number("--device-id", 0, int.MaxValue, "The number of the GPU, from 0. No effect on the CPU. Default: what a model's genai_config.json says, else 0.");

    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON object with the measurements to standard output, and nothing else there." };

    public QuickstartCommand()
    {
        _maxTokens.DefaultValueFactory = _ => DefaultMaxTokens;
        _panel.AcceptOnlyFromAmong("auto", "all");
        Root = new RootCommand("Answers prompts with speculative decoding and measures it against the target alone: tokens per second, and whether the text is the same.")
        {
            _target, _drafts, _heads, _noDrafts, _noNgram, _panel, _chat, _prompt, _raw, _prompts, _maxTokens, _length, _provider, _targetProvider, _draftProvider, _deviceId, _json,
        };
        HelpWithExamples.AddTo(Root);
    }

    public RootCommand Root { get; }

    /// <summary>Reads the options of a command line that parsed without errors.</summary>
    /// <exception cref="BadInputException">Options contradict each other.</exception>
    public Arguments Read(ParseResult parsed)
    {
        var arguments = new Arguments
        {
            Target = parsed.GetValue(_target),
            Drafts = parsed.GetValue(_drafts) ?? [],
            Heads = parsed.GetValue(_heads) ?? [],
            NoDrafts = parsed.GetValue(_noDrafts),
            NoNgram = parsed.GetValue(_noNgram),
            Panel = parsed.GetValue(_panel) == "all" ? DraftSelection.All : DraftSelection.Auto,
            Chat = parsed.GetValue(_chat),
            Prompt = parsed.GetValue(_prompt),
            PromptFile = parsed.GetValue(_prompts),
            Raw = parsed.GetValue(_raw),
            MaxTokens = parsed.GetValue(_chat) && parsed.GetResult(_maxTokens) is null or { Implicit: true } ? DefaultChatMaxTokens : parsed.GetValue(_maxTokens),
            Length = Typed(parsed, _length),
            Provider = Typed(parsed, _provider),
            TargetProvider = Typed(parsed, _targetProvider),
            DraftProvider = Typed(parsed, _draftProvider),
            DeviceId = Typed(parsed, _deviceId),
            Json = parsed.GetValue(_json),
        };
        CheckTogether(arguments);
        return arguments;
    }

    private static void CheckTogether(Arguments arguments)
    {
        if (arguments.Chat && Unchatted(arguments) is { } unchatted)
            throw new BadInputException($"--chat and {unchatted.Option} cannot be given together: {unchatted.Reason}.");
        if (arguments.NoDrafts && arguments.Drafts.Count > 0)
            throw new BadInputException("--no-drafts and --draft contradict each other: leave one out.");
        if (arguments.NoDrafts && arguments.Heads.Count > 0)
            throw new BadInputException("--no-drafts and --head contradict each other: leave one out.");
        if (arguments.Prompt is not null && arguments.PromptFile is not null)
            throw new BadInputException("--prompt and --prompts cannot be given together: leave one out.");
        if (arguments.Raw && arguments.Prompt is null && arguments.PromptFile is null)
            throw new BadInputException("--raw has no effect without --prompt: give a prompt, or leave --raw out.");
        if (arguments.NoDrafts && arguments.DraftProvider is not null)
            throw new BadInputException("--no-drafts and --draft-provider contradict each other: leave one out.");
        if (arguments.Prompt is { Length: 0 })
            throw new BadInputException("--prompt: the prompt is empty. Give a text to answer.");
    }

    private static (string Option, string Reason)? Unchatted(Arguments arguments) =>
        arguments.Json ? ("--json", "a chat has no measurements to report")
        : arguments.PromptFile is not null ? ("--prompts", "pipe the questions into the chat, one a line, or leave --chat out")
        : arguments.Prompt is not null ? ("--prompt", "type the question in the chat, or leave --chat out")
        : arguments.Raw ? ("--raw", "a chat needs the model's chat template")
        : null;

    private static T? Typed<T>(ParseResult parsed, Option<T> option)
        where T : struct => parsed.GetResult(option) is null ? null : parsed.GetValue(option);

    private static Option<ExecutionProvider> Provider(string name, string description) => new(name)
    {
        HelpName = "auto|cpu|cuda",
        Description = description,
        CustomParser = result => OptionParsers.Provider(result, name),
    };

    private static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description };

    private static Option<int> Number(string name, int least, int greatest, string description) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result => OptionParsers.Number(result, name, least, greatest),
    };
}
