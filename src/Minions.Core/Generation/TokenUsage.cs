namespace Minions.Core.Generation;

/// <summary>How many ids a request used.</summary>
/// <param name="PromptTokens">The ids of the prompt, a begin token included.</param>
/// <param name="CompletionTokens">The ids generated, an end token included; ids dropped behind a stop sequence are not counted.</param>
/// <param name="ReusedPromptTokens">The ids of the prompt that were not run, because a finished request had run them; 0 without reuse.</param>
public readonly record struct TokenUsage(int PromptTokens, int CompletionTokens, int ReusedPromptTokens = 0)
{
    /// <summary>Prompt and completion together.</summary>
    public int TotalTokens => PromptTokens + CompletionTokens;
}
