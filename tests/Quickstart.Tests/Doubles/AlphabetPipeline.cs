using Minions.Core;
using Minions.Core.Pipeline;
using Quickstart.Measuring;
using Quickstart.Prompts;

namespace Quickstart.Tests.Doubles;

/// <summary>A pipeline that needs no model files and whose every text is known.</summary>
internal static class AlphabetPipeline
{
    public static SpeculativePipeline Create(bool exact = true, params string[] drafts) => new(new PipelineComponents
    {
        Target = new AlphabetTarget(exact),
        Drafts = [.. drafts.Select(name => new AlphabetDraft(name))],
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
}
