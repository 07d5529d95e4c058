using Microsoft.Extensions.AI;
using Minions.Core.Generation;
using Minions.Extensions.AI.Templates;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Extensions.AI.Chat;

/// <summary>A request as it goes to the pipeline: the ids of its prompt, how they are continued, and how what comes is read.</summary>
internal sealed record ChatRequest
{
    /// <summary>The prompt.</summary>
    public required RenderedPrompt Prompt { get; init; }

    /// <summary>The ids of the prompt.</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    public required GenerationOptions Generation { get; init; }

    /// <summary>The tools that were offered.</summary>
    public required ToolCatalog Tools { get; init; }

    /// <summary>Whether the response ends with its first call.</summary>
    public required bool StopsAtFirstCall { get; init; }

    /// <summary>Whether reasoning is part of the response.</summary>
    public required bool ShowsReasoning { get; init; }

    /// <summary>Whether special tokens that are no markup are part of the response's text.</summary>
    public required bool KeepsSpecialTokens { get; init; }

    /// <summary>Checks and puts together.</summary>
    /// <exception cref="NotSupportedException">Something cannot be honoured.</exception>
    /// <exception cref="ArgumentException">Something cannot be meant.</exception>
    public static ChatRequest Of(IChatClient client, ChatModel model, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ToolCatalog tools = options?.ToolMode is NoneChatToolMode ? ToolCatalog.Empty : ToolCatalog.From(options?.Tools);
        OptionRefusals.Check(options, model.Metadata.DefaultModelId!);
        RequestSettings settings = RequestSettings.Of(client, model.Defaults, options);
        RenderedPrompt prompt = model.Render(messages, options?.Instructions, tools, settings.Variables);
        return new ChatRequest
        {
            Prompt = prompt,
            Ids = model.Encode(prompt),
            Generation = settings.Generation,
            Tools = tools,
            StopsAtFirstCall = options?.AllowMultipleToolCalls == false,
            KeepsSpecialTokens = settings.KeepsSpecialTokens,
            ShowsReasoning = options?.Reasoning?.Output != ReasoningOutput.None,
        };
    }
}
