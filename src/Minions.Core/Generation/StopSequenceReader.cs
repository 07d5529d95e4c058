using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Minions.Core.Diagnostics;
using Minions.Core.Tokenization;

namespace Minions.Core.Generation;

/// <summary>
/// Tells stop sequences that are a special token (<c>&lt;|im_end|&gt;</c>) from others: what special tokens say is left out of texts, so it is
/// their id that ends one. May be used from several threads.
/// </summary>
/// <param name="tokenizer">Of the pipeline, or <see langword="null"/>.</param>
/// <param name="logger">Is told once of a sequence that no text can hold.</param>
internal sealed class StopSequenceReader(ITextTokenizer? tokenizer, ILogger logger)
{
    // Sequences may come from outside; a caller who makes up new ones for each request must not fill the memory.
    private const int MostKnown = 1024;

    private readonly ConcurrentDictionary<string, Meaning> _known = new(StringComparer.Ordinal);

    /// <summary>Reads the sequences of a request.</summary>
    public StopSequenceSet Read(IReadOnlyList<string> sequences)
    {
        if (sequences.Count == 0 || tokenizer is null)
            return sequences.Count == 0 ? StopSequenceSet.None : new StopSequenceSet(sequences, []);

        var texts = new List<string>();
        var tokens = new List<int>();
        for (int i = 0; i < sequences.Count; i++)
        {
            if (MeaningOf(sequences[i], i) is { Token: { } token })
                tokens.Add(token);
            else
                texts.Add(sequences[i]);
        }

        return new StopSequenceSet(texts, tokens);
    }

    private Meaning MeaningOf(string sequence, int index)
    {
        if (_known.TryGetValue(sequence, out Meaning known))
            return known;

        Meaning meaning = FindOrLeave(sequence);
        bool isNew = _known.Count < MostKnown && _known.TryAdd(sequence, meaning);
        if (isNew && meaning.Obstacle is { } obstacle)
            UserCode.Guard(logger, () => Report(sequence, index, obstacle));
        return meaning;
    }

    // It may hold what nobody should find in a log.
    private void Report(string sequence, int index, string obstacle)
    {
        LogMessages.StopSequenceCannotOccur(logger, index, sequence.Length, obstacle);
        LogMessages.StopSequenceThatCannotOccur(logger, sequence);
    }

    // A sequence that cannot be encoded may still stand in a text, and must not end the request. The fault's message may quote it.
    private Meaning FindOrLeave(string sequence)
    {
        try
        {
            return Find(sequence);
        }
        catch (Exception fault)
        {
            return new Meaning(null, $"the tokenizer cannot encode it ({fault.GetType().Name})");
        }
    }

    private Meaning Find(string sequence)
    {
        IReadOnlyList<int> ids = tokenizer!.Encode(sequence, parseSpecialTokens: true, addBeginToken: false);
        foreach (int id in ids)
        {
            string text = tokenizer.Decode([id], skipSpecialTokens: false);
            if (text.Length == 0 || tokenizer.Decode([id], skipSpecialTokens: true).Length > 0 || !sequence.Contains(text, StringComparison.Ordinal))
                continue;

            return ids.Count == 1 && text == sequence
                ? new Meaning(id, null)
                : new Meaning(null, $"it holds the special token '{text}', which is no text, beside other text: give '{text}' alone to stop at it");
        }

        return HasLoneSurrogate(sequence)
            ? new Meaning(null, "it holds half a surrogate pair, and texts hold whole characters")
            : default;
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (ReadOnlySpan<char> rest = text; rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int length) != OperationStatus.Done)
                return true;
            rest = rest[length..];
        }

        return false;
    }

    private readonly record struct Meaning(int? Token, string? Obstacle);
}
