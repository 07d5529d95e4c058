using Minions.Core.Sampling;

namespace Minions.Core.Tests.Sampling;

/// <summary>What sampling options mean, written as plainly as possible: the law the library's code is held to.</summary>
internal static class ReferenceDistribution
{
    /// <summary>The logits after penalties, bias and processors.</summary>
    public static float[] Process(SamplingOptions options, int promptLength, ReadOnlySpan<int> prefix, ReadOnlySpan<float> logits)
    {
        float[] row = logits.ToArray();
        int[] all = prefix.ToArray();
        for (int id = 0; id < row.Length; id++)
        {
            int outputs = all.Skip(promptLength).Count(other => other == id);
            if (all.Contains(id))
                row[id] = row[id] > 0 ? row[id] / (float)options.RepetitionPenalty : row[id] * (float)options.RepetitionPenalty;
            if (outputs > 0)
                row[id] -= (float)options.PresencePenalty + (float)options.FrequencyPenalty * outputs;
            row[id] += options.LogitBias.GetValueOrDefault(id);
        }

        foreach (ILogitsProcessor processor in options.LogitsProcessors)
            processor.Process(new LogitsContext(prefix, promptLength), row);
        return row;
    }

    /// <summary>The probabilities a choice is drawn from.</summary>
    public static double[] Of(SamplingOptions options, int promptLength, ReadOnlySpan<int> prefix, ReadOnlySpan<float> logits)
    {
        float[] row = Process(options, promptLength, prefix, logits);
        int[] ranked = [.. Enumerable.Range(0, row.Length).OrderByDescending(id => row[id]).ThenBy(id => id)];
        double[] weights = [.. row.Select(logit => Math.Exp(((double)logit - row.Max()) / options.Temperature))];
        if (options.TopK > 0)
            ranked = ranked[..Math.Min(options.TopK, ranked.Length)];

        double mass = ranked.Sum(id => weights[id]);
        int kept = 0;
        for (double sum = 0; kept < ranked.Length && (kept == 0 || (options.TopP < 1 ? sum < options.TopP * mass : true)); kept++)
            sum += weights[ranked[kept]];
        ranked = [.. ranked[..kept].Where(id => weights[id] >= options.MinP)];

        double[] probabilities = new double[row.Length];
        double total = ranked.Sum(id => weights[id]);
        foreach (int id in ranked)
            probabilities[id] = weights[id] / total;
        return probabilities;
    }

    /// <summary>The choice, by looking at every id.</summary>
    public static int Choose(SamplingOptions options, int promptLength, ReadOnlySpan<int> prefix, ReadOnlySpan<float> logits)
    {
        float[] row = Process(options, promptLength, prefix, logits);
        if (options.Temperature == 0)
            return Array.IndexOf(row, row.Max());

        double[] probabilities = Of(options, promptLength, prefix, logits);
        var noise = new GumbelNoise(options.Seed!.Value, prefix.Length);
        double[] scores = [.. row.Select((logit, id) => probabilities[id] > 0 ? ((double)logit - row.Max()) / options.Temperature + noise.Of(id) : double.NegativeInfinity)];
        return Array.IndexOf(scores, scores.Max());
    }
}
