namespace Minions.Core.Generation;

/// <summary>How many ids a request used.</summary>
public readonly record struct TokenUsage
{
    /// <summary>The ids of the prompt, a begin token included.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>The ids generated, an end token included; ids dropped behind a stop sequence are not counted.</summary>
    public required int CompletionTokens { get; init; }

    /// <summary>The ids of the prompt that were not run, because a finished request had run them. Default: 0, no reuse.</summary>
    public int ReusedPromptTokens { get; init; }

    /// <summary>Prompt and completion together.</summary>
    public int TotalTokens => PromptTokens + CompletionTokens;
}
