using Minions.Core.Generation;

namespace Minions.Core.Pipeline;

/// <summary>A prompt as it was given, text or ids, and its checks: those that need no model at once, the others when the models are there.</summary>
internal sealed class GenerationInput
{
    private readonly string? _text;
    private readonly int[]? _ids;

    public GenerationInput(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (prompt.Length == 0)
            throw new ArgumentException("The prompt is empty: there is nothing to continue.", nameof(prompt));
        _text = prompt;
    }

    public GenerationInput(IReadOnlyList<int> promptIds)
    {
        ArgumentNullException.ThrowIfNull(promptIds);
        if (promptIds.Count == 0)
            throw new ArgumentException("The prompt has no ids: there is nothing to continue.", nameof(promptIds));
        _ids = [.. promptIds]; // The caller may change the list before a stream begins, or while the call waits for admission.
    }

    private string ParameterName => _text is null ? "promptIds" : "prompt";

    /// <summary>The ids of the prompt.</summary>
    /// <exception cref="ArgumentException">They do not fit the target.</exception>
    /// <exception cref="InvalidOperationException">The prompt is text but the pipeline has no tokenizer.</exception>
    public int[] ToIds(PipelineComponents components, GenerationOptions options)
    {
        if (components.Tokenizer is null && (_text is not null || options.StopSequences.Count > 0))
            throw new InvalidOperationException("The pipeline has no tokenizer, so it takes prompts as ids and knows no stop sequences. Give it one in PipelineComponents.Tokenizer.");

        options.Sampling.ValidateVocabulary(components.Target.VocabularySize);
        int[] ids = _ids ?? [.. components.Tokenizer!.Encode(_text!, options.ParseSpecialTokens)];
        if (ids.Length == 0)
            throw new ArgumentException("The prompt encodes to no ids: it holds nothing that the tokenizer's vocabulary has, and the tokenizer puts no begin token before it.", ParameterName);
        if (ids.Length >= components.Target.ContextLength)
            throw new ArgumentException($"The prompt has {ids.Length} ids, but the target's context holds {components.Target.ContextLength}, the output included. Shorten the prompt.", ParameterName);
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] < 0 || ids[i] >= components.Target.VocabularySize)
                throw new ArgumentException($"Id {ids[i]} at position {i} of the prompt is not in the target's vocabulary of {components.Target.VocabularySize}.", ParameterName);
        }

        return ids;
    }
}
