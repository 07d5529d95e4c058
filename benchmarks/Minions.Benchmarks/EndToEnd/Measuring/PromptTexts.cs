using Minions.Benchmarks.Models;
using Minions.Core.Tokenization;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>The prompts of a bench with their ids and domains.</summary>
internal sealed class PromptTexts
{
    private readonly int[][] _ids;
    private readonly int[] _domains;

    /// <summary>Encodes the prompts, special tokens parsed.</summary>
    /// <exception cref="BadInputException">A prompt leaves no room in the target's context.</exception>
    public PromptTexts(IReadOnlyList<Prompt> prompts, ITextTokenizer tokenizer, int contextLength)
    {
        Prompts = prompts;
        Domains = [.. prompts.Select(prompt => prompt.Domain).Distinct()];
        _ids = [.. prompts.Select(prompt => tokenizer.Encode(prompt.Text, parseSpecialTokens: true).ToArray())];
        _domains = [.. prompts.Select(prompt => Domains.IndexOf(prompt.Domain))];
        int tooLong = Array.FindIndex(_ids, ids => ids.Length >= contextLength);
        if (tooLong >= 0)
            throw new BadInputException($"--prompts: prompt '{prompts[tooLong].Id}' has {_ids[tooLong].Length} tokens, but the target's context holds {contextLength}, the answer included.");
    }

    public IReadOnlyList<Prompt> Prompts { get; }

    /// <summary>The domains in the order of their first prompts.</summary>
    public List<string> Domains { get; }

    /// <summary>The ids of the longest prompt.</summary>
    public int Longest => _ids.Max(ids => ids.Length);

    public int[] Ids(int prompt) => _ids[prompt];

    public int DomainOf(int prompt) => _domains[prompt];

    /// <summary>The domain of the longest prompt that a text begins with, or -1.</summary>
    public int DomainOf(ReadOnlySpan<int> text)
    {
        int found = -1;
        for (int i = 0; i < _ids.Length; i++)
        {
            if (text.StartsWith(_ids[i]) && (found < 0 || _ids[i].Length > _ids[found].Length))
                found = i;
        }

        return found < 0 ? -1 : _domains[found];
    }
}
