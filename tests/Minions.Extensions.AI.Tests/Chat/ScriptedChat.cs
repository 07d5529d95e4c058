using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Minions.Core;
using Minions.Core.Pipeline;
using Minions.Core.Tokenization;
using Minions.Extensions.AI.Templates;

namespace Minions.Extensions.AI.Tests.Chat;

/// <summary>A client over a target that says what a test has written for it, one answer a request, through the real tokenizer of SmolLM2.</summary>
internal sealed class ScriptedChat : IDisposable
{
    private const int Vocabulary = 49152;
    private const int EndToken = 2;

    public static readonly HuggingFaceTokenizer Tokenizer = HuggingFaceTokenizer.Load(Path.Combine(RepositoryFiles.SmolLm2, "target"));

    private readonly Queue<int[]> _answers = new();
    private int[] _answer = [];
    private int _promptLength;
    private ITargetSequence? _sequence;
    private bool _isNew;

    /// <param name="template">The template's name among the vectors; null for that of SmolLM2.</param>
    /// <param name="configure">Sets the client's options.</param>
    /// <param name="logger">Receives the client's lines.</param>
    public ScriptedChat(string? template = "chatml", Action<MinionsChatClientOptions>? configure = null, ILogger<MinionsChatClient>? logger = null)
    {
        // Each request has a sequence of its own, whose first row is the one behind its prompt.
        var target = new TabularTarget(Next, Vocabulary, contextLength: 8192)
        {
            BeforeVerify = request =>
            {
                _isNew |= !ReferenceEquals(request.Sequence, _sequence);
                _sequence = request.Sequence;
            },
        };
        Pipeline = new SpeculativePipeline(
            new PipelineComponents { Target = target, Tokenizer = Tokenizer, EndTokens = [EndToken] },
            new PipelineOptions { PrefixCacheSize = 0 });
        var options = new MinionsChatClientOptions
        {
            ModelId = "scripted",
            LeaveOpen = false,
            Templates = template is null
                ? ChatTemplateSet.Load(Path.Combine(RepositoryFiles.SmolLm2, "target"))
                : ChatTemplateSet.FromSource(VectorTemplates.Source(template), Path.Combine(RepositoryFiles.SmolLm2, "target")),
        };
        configure?.Invoke(options);
        Client = new MinionsChatClient(Pipeline, options, logger);
    }

    public MinionsChatClient Client { get; }

    public SpeculativePipeline Pipeline { get; }

    /// <summary>The prompts that the target was shown, with their special tokens.</summary>
    public List<string> Prompts { get; } = [];

    /// <summary>Writes the next answer. Special tokens in it become their ids.</summary>
    /// <param name="text">What the target says.</param>
    /// <param name="ends">Whether the end token follows.</param>
    public ScriptedChat Says(string text, bool ends = true)
    {
        _answers.Enqueue([.. Tokenizer.Encode(text, addBeginToken: false), .. ends ? new[] { EndToken } : []]);
        return this;
    }

    /// <summary>How many tokens a text has.</summary>
    public int Tokens(string text) => Tokenizer.Encode(text, addBeginToken: false).Count;

    public Task<ChatResponse> AskAsync(string text, ChatOptions? options = null) => Client.GetResponseAsync([new ChatMessage(ChatRole.User, text)], options);

    public void Dispose() => Client.Dispose();

    private int Next(ReadOnlySpan<int> prefix)
    {
        if (_isNew)
        {
            _isNew = false;
            _answer = _answers.Count > 0 ? _answers.Dequeue() : [EndToken];
            _promptLength = prefix.Length;
            Prompts.Add(Tokenizer.Decode(prefix.ToArray(), skipSpecialTokens: false));
        }

        int place = prefix.Length - _promptLength;
        return place < _answer.Length ? _answer[place] : EndToken;
    }
}
