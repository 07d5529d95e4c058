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
        foreach (string sequence in sequences)
        {
            if (MeaningOf(sequence) is { Token: { } token })
                tokens.Add(token);
            else
                texts.Add(sequence);
        }

        return new StopSequenceSet(texts, tokens);
    }

    private Meaning MeaningOf(string sequence)
    {
        if (_known.TryGetValue(sequence, out Meaning known))
            return known;

        Meaning meaning = FindOrLeave(sequence);
        bool isNew = _known.Count < MostKnown && _known.TryAdd(sequence, meaning);
        if (isNew && meaning.Obstacle is { } obstacle)
            UserCode.Guard(logger, () => LogMessages.StopSequenceCannotOccur(logger, sequence, obstacle));
        return meaning;
    }

    // A sequence that cannot be encoded may still stand in a text, and must not end the request.
    private Meaning FindOrLeave(string sequence)
    {
        try
        {
            return Find(sequence);
        }
        catch (Exception fault)
        {
            return new Meaning(null, $"the tokenizer cannot encode it ({fault.Message.TrimEnd('.')})");
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
