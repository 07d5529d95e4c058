using Minions.Core.Generation;

namespace Minions.Core.Pipeline;

/// <summary>Turns a request's reference texts into ids, and makes the checks that need the models.</summary>
internal static class ReferenceEncoding
{
    private static string Option => nameof(GenerationOptions.ReferenceTexts);

    /// <summary>Answers the options with reference texts that are ids.</summary>
    /// <exception cref="ArgumentException">They are more ids than a request takes, or not the target's.</exception>
    /// <exception cref="InvalidOperationException">One is a text, but the pipeline has no tokenizer.</exception>
    public static GenerationOptions Encode(GenerationOptions options, PipelineComponents components)
    {
        if (options.ReferenceTexts.Count == 0)
            return options;

        var encoded = new List<ReferenceText>(options.ReferenceTexts.Count);
        for (int i = 0; i < options.ReferenceTexts.Count; i++)
        {
            // A text may hold nothing that the vocabulary has: then there is nothing to guess by.
            IReadOnlyList<int>? ids = options.ReferenceTexts[i].Text is { } text ? Encode(text, options, components) : null;
            if (ids is not { Count: 0 })
                encoded.Add(Checked(ids is null ? options.ReferenceTexts[i] : new ReferenceText(ids), i, components.Target.VocabularySize));
        }

        GenerationOptions settled = options with { ReferenceTexts = encoded };
        settled.CheckReferenceTokens();
        return settled;
    }

    // Special tokens count as in the prompt. No begin token: the text may come up anywhere in the answer.
    private static IReadOnlyList<int> Encode(string text, GenerationOptions options, PipelineComponents components) =>
        (components.Tokenizer ?? throw new InvalidOperationException("The pipeline has no tokenizer, so it takes reference texts as ids. Give it one in PipelineComponents.Tokenizer."))
            .Encode(text, options.ParseSpecialTokens, addBeginToken: false);

    private static ReferenceText Checked(ReferenceText reference, int index, int vocabularySize)
    {
        int strange = reference.Ids.Span.IndexOfAnyExceptInRange(0, vocabularySize - 1);
        return strange < 0
            ? reference
            : throw new ArgumentException($"Id {reference.Ids.Span[strange]} at position {strange} of reference text {index} is not in the target's vocabulary of {vocabularySize}.", Option);
    }
}
