using Microsoft.ML.OnnxRuntimeGenAI;
using Minions.Benchmarks.EndToEnd.Measuring;

namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>GenAI decoding on its own. As in a pipeline, a request opens its cache, runs its whole prompt and ends with the end token or the greatest length.</summary>
/// <param name="arm">The arm.</param>
/// <param name="decoding">How GenAI decodes.</param>
/// <param name="model">What it loaded for that; it belongs to the bench.</param>
/// <param name="maxTokens">The most ids of an answer.</param>
/// <param name="contextLength">The most ids of prompt and answer.</param>
internal sealed class GenAIEngine(Arm arm, GenAIDecoding decoding, Model model, int maxTokens, int contextLength) : IArmEngine
{
    public Arm Arm => arm;

    public int InFlight => 1;

    // Its runs are not those of the target that the bench measures.
    public void CountRoundsIn(RoundLog log)
    {
    }

    // On a thread of its own, as models run in a pipeline.
    public Task<Answer> AnswerAsync(IReadOnlyList<int> prompt, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Decode([.. prompt], cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Answer Decode(int[] prompt, CancellationToken cancellationToken)
    {
        using GeneratorParams parameters = Parameters(Math.Min(prompt.Length + maxTokens, contextLength));
        using var generator = new Generator(model, parameters);
        generator.AppendTokens(prompt);
        var ids = new List<int>(maxTokens);
        while (!generator.IsDone())
        {
            cancellationToken.ThrowIfCancellationRequested();
            generator.GenerateNextToken();
            ids.Add(generator.GetNextTokens()[0]);
        }

        // The text is left out, which takes the less time.
        return decoding.Speculates ? Counted(ids, generator) : new Answer(ids, Text: null) { Rounds = ids.Count - 1, CommittedTokens = ids.Count - 1 };
    }

    // Greedy, whatever a configuration file says otherwise.
    private GeneratorParams Parameters(int maxLength)
    {
        var parameters = new GeneratorParams(model);
        try
        {
            parameters.SetSearchOption("max_length", maxLength);
            parameters.SetSearchOption("min_length", 0);
            parameters.SetSearchOption("do_sample", false);
            parameters.SetSearchOption("num_beams", 1);
            parameters.SetSearchOption("repetition_penalty", 1);
            parameters.SetSearchOption("no_repeat_ngram_size", 0);
            decoding.Apply(parameters);
            return parameters;
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    // GenAI's first round begins with the row behind the prompt, so its rounds give every id; a step without a proposal is a round of one id.
    private static Answer Counted(List<int> ids, Generator generator)
    {
        using SpeculativeStats counted = generator.GetSpeculativeStats();
        return new Answer(ids, Text: null)
        {
            Rounds = (int)(counted.GetCount("rounds") + counted.GetCount("standard_fallback_steps")),
            CommittedTokens = ids.Count,
            DraftTokens = (int)counted.GetCount("draft_tokens_proposed"),
            AcceptedTokens = (int)counted.GetCount("draft_tokens_accepted"),
        };
    }
}
