using Minions.Core.Drafting;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Sampling;

namespace Minions.Core.OnnxRuntime;

/// <summary>
/// Compares the ids of a text with the ids that a draft would have chosen in their places (teacher forcing). It reads the rows that the draft
/// runs anyway to take the text in: the logits of each row are about the next id.
/// </summary>
internal sealed class DraftScoring(DecoderSignature signature)
{
    /// <summary>The most logits of a round that are computed and kept for scores: 16 rows of 65 536, 64 of 16 384.</summary>
    public const int MaxLogits = 1 << 20;

    // The position whose logits are read next, and the one behind the last.
    private int _next;
    private int _end;

    /// <summary>How many rows' logits are to be computed for the scores of so many ids.</summary>
    public int RowsFor(int tokens) => Math.Min(tokens, MaxLogits / signature.LogitsWidth);

    /// <summary>Starts a round.</summary>
    /// <param name="first">The place in the sequence of the id before the first that is scored.</param>
    /// <param name="end">The place of the last id of the text.</param>
    public void Begin(int first, int end) => (_next, _end) = (first, end);

    /// <summary>Scores the ids whose rows were just run.</summary>
    /// <param name="request">Receives the scores.</param>
    /// <param name="selector">How the request chooses.</param>
    /// <param name="sequence">What was run.</param>
    /// <param name="shift">How many ids the text has before the first of the sequence.</param>
    public void Read(DraftRequest request, TokenSelector selector, OnnxSequence sequence, int shift = 0)
    {
        ReadOnlySpan<int> text = request.Context.Span;

        // Tokens without a column are never chosen.
        ReducedVocabulary? vocabulary = selector.TakesLargest ? signature.Vocabulary : null;
        for (; _next < _end && _next < sequence.Ids.Length; _next++)
        {
            int position = _next + 1 + shift;
            ReadOnlySpan<float> logits = vocabulary is null ? sequence.LogitsAfter(_next) : sequence.ColumnsAfter(_next);
            int choice = selector.Select(position, text[..position], logits);
            request.Score((vocabulary?.TokenOf(choice) ?? choice) == text[position]);
        }
    }
}
