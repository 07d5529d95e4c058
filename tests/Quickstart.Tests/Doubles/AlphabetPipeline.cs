using Minions.Core;
using Minions.Core.Pipeline;
using Quickstart.Measuring;
using Quickstart.Prompts;

namespace Quickstart.Tests.Doubles;

/// <summary>A pipeline that needs no model files and whose every text is known.</summary>
internal static class AlphabetPipeline
{
    private const int ContextLength = 256;

    private static readonly Func<ReadOnlySpan<int>, int> Alphabet = Counting.By(1, LetterTokenizer.Vocabulary);

    /// <summary>Opens a pipeline that continues the alphabet.</summary>
    /// <param name="exact">Whether it does so always; else what it writes depends on the width of its runs, as a broken model's would.</param>
    /// <param name="drafts">The names of its drafts, which are always right where the target is exact.</param>
    public static SpeculativePipeline Create(bool exact = true, params string[] drafts) => new(new PipelineComponents
    {
        Target = exact ? new TabularTarget(Alphabet, LetterTokenizer.Vocabulary, ContextLength) : Inexact(),
        Drafts = [.. drafts.Select(name => new TabularDraft(name, Alphabet, ContextLength) { Probability = 1 })],
        Tokenizer = new LetterTokenizer(),
    });

    public static Prompt Prompt(string id, string text = "abc") => new(id, "letters", text, "--prompt");

    public static async Task<PromptOutcome[]> AnswerAsync(SpeculativePipeline pipeline, int maxTokens, int? length, params string[] ids)
    {
        var comparison = new Comparison(pipeline, maxTokens, length);
        var outcomes = new List<PromptOutcome>();
        foreach (string id in ids)
            outcomes.Add(await comparison.RunAsync(Prompt(id), null, CancellationToken.None));
        return [.. outcomes];
    }

    private static TabularTarget Inexact()
    {
        int step = 1;
        return new TabularTarget(prefix => (prefix[^1] + step) % LetterTokenizer.Vocabulary, LetterTokenizer.Vocabulary, ContextLength)
        {
            BeforeVerify = request => step = request.RowsWanted == 1 ? 1 : 2,
        };
    }
}
