using Minions.Core.Generation;
using Quickstart.Prompts;

namespace Quickstart.Measuring;

/// <summary>One prompt's answers.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Plain">The target alone, width one.</param>
/// <param name="Speculative">With the drafts; without any, plain decoding in bit-identical mode.</param>
/// <param name="Judge">The target alone in bit-identical mode: what the speculative answer has to be.</param>
internal sealed record PromptOutcome(Prompt Prompt, GenerationResult Plain, GenerationResult Speculative, GenerationResult Judge)
{
    /// <summary>Whether the speculative answer is the target's own, in text and ids.</summary>
    public bool Identical =>
        Speculative.Text == Judge.Text && Speculative.TokenIds.SequenceEqual(Judge.TokenIds);
}
