using Microsoft.Extensions.AI;

namespace Minions.Extensions.AI.Chat;

/// <summary>What chat options may ask for that no local pipeline can promise: refused by name, so that nothing is dropped in silence.</summary>
internal static class OptionRefusals
{
    private const int MostStopSequences = 64;

    /// <exception cref="UnsupportedChatOptionException">A member cannot be honoured.</exception>
    /// <exception cref="ArgumentException">A member cannot be meant.</exception>
    public static void Check(ChatOptions? options, string modelId)
    {
        if (options is null)
            return;

        if (options.ModelId is { } wanted && wanted != modelId)
            throw Refused(nameof(options.ModelId), $"'{wanted}' is not served; this client serves '{modelId}'. Leave it out, or set {nameof(MinionsChatClientOptions)}.{nameof(MinionsChatClientOptions.ModelId)}");
        if (!string.IsNullOrEmpty(options.ConversationId))
            throw Refused(nameof(options.ConversationId), "the client keeps no conversations. Send the whole conversation with each request: turns that continue one are cheap by the pipeline's prefix cache");
        if (options.ResponseFormat is ChatResponseFormatJson)
            throw Refused(nameof(options.ResponseFormat), "JSON cannot be enforced yet. Ask for it in the instructions and check what comes, or leave the format out");
        if (options.Reasoning?.Output == ReasoningOutput.Summary)
            throw Refused($"{nameof(options.Reasoning)}.{nameof(ReasoningOptions.Output)}", "a local model gives its reasoning whole. Use Full or None");
        if (options.ToolMode is RequiredChatToolMode required)
        {
            throw Refused(nameof(options.ToolMode), required.RequiredFunctionName is { } name
                ? $"a call of '{name}' cannot be enforced. Use ChatToolMode.Auto and offer that tool alone"
                : "a call cannot be enforced. Use ChatToolMode.Auto and ask for it in the instructions");
        }

#pragma warning disable MEAI001 // Of the abstractions' evaluation surface: refused, so no dependence on it.
        if (options.ContinuationToken is not null)
            throw Refused(nameof(options.ContinuationToken), "responses are not kept to be taken up again. Leave it out");
#pragma warning restore MEAI001
        if (options.StopSequences is { Count: > MostStopSequences } stops)
            throw new ArgumentException($"There are {stops.Count} stop sequences, but a request takes {MostStopSequences}. Leave some out.", nameof(options));
        if (options.Seed < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.Seed, $"{nameof(ChatOptions)}.{nameof(options.Seed)} must be at least 0.");
    }

    private static UnsupportedChatOptionException Refused(string member, string why) => new(member, why);
}
