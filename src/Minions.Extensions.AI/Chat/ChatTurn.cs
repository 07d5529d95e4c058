using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Verification;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Extensions.AI.Chat;

/// <summary>One response: runs the request and turns what the model writes into updates.</summary>
internal sealed class ChatTurn
{
    private readonly SpeculativePipeline _pipeline;
    private readonly ChatModel _model;
    private readonly ChatRequest _request;
    private readonly string _responseId = Guid.NewGuid().ToString("N");
    private readonly string _messageId = Guid.NewGuid().ToString("N");
    private readonly DateTimeOffset _created;
    private readonly OutputSyntax _syntax;
    private readonly ModelOutputReader _reader;
    private int _reasoningTokens;
    private bool _hasCall;

    public ChatTurn(SpeculativePipeline pipeline, ChatModel model, ChatRequest request, TimeProvider time)
    {
        (_pipeline, _model, _request, _created) = (pipeline, model, request, time.GetUtcNow());
        _syntax = request.Tools.Count > 0 ? model.Markup.Syntax : model.Markup.Syntax.WithoutCalls();
        _reader = new ModelOutputReader(_syntax, request.Tools, model.Markup.StartsInReasoning(request.Prompt.Text));
    }

    /// <summary>What the pipeline said of the request; null until it has ended.</summary>
    public GenerationResult? Result { get; private set; }

    /// <summary>What responses tell beside their contents.</summary>
    public AdditionalPropertiesDictionary Properties
    {
        get
        {
            var properties = new AdditionalPropertiesDictionary { [MinionsChatProperties.Exactness] = Exactness.ToString() };
            if (Result?.Seed is { } seed)
                properties[MinionsChatProperties.Seed] = seed;
            return properties;
        }
    }

    // A request that may run single rows is promised nothing, whatever its model could keep.
    private Exactness Exactness => _request.Generation.Mode == DecodingMode.BitIdentical
        ? _pipeline.Info.Exactness
        : Exactness.NotAvailable($"the request is decoded in {nameof(DecodingMode)}.{_request.Generation.Mode}");

    // Whether what the caller wants has come.
    private bool HasEnough => _request.StopsAtFirstCall && _hasCall;

    public async IAsyncEnumerable<ChatResponseUpdate> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        GenerationStream stream = _pipeline.StreamAsync(_request.Ids, _request.Generation, cancellationToken);
        var tokens = new List<GeneratedToken>();
        await foreach (GeneratedToken token in stream.ConfigureAwait(false))
        {
            if (HasEnough)
                continue;

            tokens.Add(token);
            bool wasReasoning = _reader.IsInReasoning;
            IReadOnlyList<OutputPart> parts = _reader.Read(Shown(token));
            if (wasReasoning && _reader.IsInReasoning)
                _reasoningTokens++;
            if (ToContents(parts) is { Count: > 0 } contents)
            {
                yield return Update(contents, tokens.ToArray());
                tokens.Clear();
            }

            if (HasEnough)
                stream.Finish();
        }

        Result = await stream.Completion.ConfigureAwait(false);
        List<AIContent> rest = HasEnough ? [] : ToContents(_reader.End(Result.FinishReason));
        if (rest.Count > 0 || tokens.Count > 0)
            yield return Update(rest, tokens.ToArray());
        yield return Last(Result);
    }

    // Special tokens are decoded for the markup that may be made of them; those that are none are no text.
    private string Shown(in GeneratedToken token)
    {
        string text = token.Text;
        return text.Length == 0 || _request.KeepsSpecialTokens || _reader.IsInCall || _model.SpecialTokens.Of(token.Id) is not { } special || _syntax.HasMarkerWith(special) ? text
            : text.EndsWith(special, StringComparison.Ordinal) ? text[..^special.Length]
            : text;
    }

    private List<AIContent> ToContents(IReadOnlyList<OutputPart> parts)
    {
        var contents = new List<AIContent>(parts.Count);
        foreach (OutputPart part in parts)
        {
            if (HasEnough)
                break;
            if (part is ReasoningPart && !_request.ShowsReasoning)
                continue;
            _hasCall |= part is CallPart { Call.Error: null };
            contents.Add(OutputContents.ToContent(part));
        }

        return contents;
    }

    private ChatResponseUpdate Update(List<AIContent> contents, object? raw) => new(ChatRole.Assistant, contents)
    {
        ResponseId = _responseId,
        MessageId = _messageId,
        ModelId = _model.Metadata.DefaultModelId,
        CreatedAt = _created,
        RawRepresentation = raw,
    };

    private ChatResponseUpdate Last(GenerationResult result)
    {
        ChatResponseUpdate update = Update([new UsageContent(ChatUsage.Of(result, _reasoningTokens)) { RawRepresentation = result.Usage }], result);
        update.FinishReason = result.FinishReason == FinishReason.Length ? ChatFinishReason.Length : _hasCall ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop;
        update.AdditionalProperties = Properties;
        return update;
    }
}
