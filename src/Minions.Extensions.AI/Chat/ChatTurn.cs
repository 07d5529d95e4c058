using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Verification;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Extensions.AI.Chat;

/// <summary>One response: runs the request and turns what the model writes into updates.</summary>
internal sealed class ChatTurn(SpeculativePipeline pipeline, ChatModel model, ChatRequest request, TimeProvider time)
{
    private readonly string _responseId = Guid.NewGuid().ToString("N");
    private readonly string _messageId = Guid.NewGuid().ToString("N");
    private readonly ModelOutputReader _reader = new(
        request.Tools.Count > 0 ? model.Markup.Syntax : model.Markup.Syntax.WithoutCalls(), request.Tools, model.Markup.StartsInReasoning(request.Prompt.Text));

    private readonly DateTimeOffset _created = time.GetUtcNow();
    private int _reasoningTokens;
    private bool _hasCall;

    /// <summary>What the pipeline said of the request; null where the response ended before it.</summary>
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
    private Exactness Exactness => request.Generation.Mode == DecodingMode.BitIdentical
        ? pipeline.Info.Exactness
        : Exactness.NotAvailable($"the request is decoded in {nameof(DecodingMode)}.{request.Generation.Mode}");

    public async IAsyncEnumerable<ChatResponseUpdate> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        GenerationStream stream = pipeline.StreamAsync(request.Ids, request.Generation, cancellationToken);
        var tokens = new List<GeneratedToken>();
        bool endsEarly = false;
        await foreach (GeneratedToken token in stream.ConfigureAwait(false))
        {
            tokens.Add(token);
            bool wasReasoning = _reader.IsInReasoning;
            IReadOnlyList<OutputPart> parts = _reader.Read(token.Text);
            if (wasReasoning && _reader.IsInReasoning)
                _reasoningTokens++;
            if (ToContents(parts) is { Count: > 0 } contents)
            {
                yield return Update(contents, tokens.ToArray());
                tokens.Clear();
            }

            if (request.StopsAtFirstCall && _hasCall)
            {
                endsEarly = true;
                break;
            }
        }

        if (!endsEarly)
        {
            Result = await stream.Completion.ConfigureAwait(false);
            if (ToContents(_reader.End()) is { Count: > 0 } rest)
                yield return Update(rest, tokens.ToArray());
        }

        yield return Last(tokens);
    }

    private List<AIContent> ToContents(IReadOnlyList<OutputPart> parts)
    {
        var contents = new List<AIContent>(parts.Count);
        foreach (OutputPart part in parts)
        {
            if (request.StopsAtFirstCall && _hasCall)
                break;
            if (part is ReasoningPart && !request.ShowsReasoning)
                continue;
            _hasCall |= part is CallPart { Call.IsCutOff: false };
            contents.Add(OutputContents.ToContent(part));
        }

        return contents;
    }

    private ChatResponseUpdate Update(List<AIContent> contents, object? raw) => new(ChatRole.Assistant, contents)
    {
        ResponseId = _responseId,
        MessageId = _messageId,
        ModelId = model.Metadata.DefaultModelId,
        CreatedAt = _created,
        RawRepresentation = raw,
    };

    private ChatResponseUpdate Last(List<GeneratedToken> unread)
    {
        ChatResponseUpdate update = Update([], Result ?? (object)unread.ToArray());
        update.FinishReason = _hasCall ? ChatFinishReason.ToolCalls : Result?.FinishReason == FinishReason.Length ? ChatFinishReason.Length : ChatFinishReason.Stop;
        update.AdditionalProperties = Properties;
        if (Result is { } result)
        {
            update.Contents.Add(new UsageContent(ChatUsage.Of(result, _reasoningTokens)) { RawRepresentation = result.Usage });
        }

        return update;
    }
}
