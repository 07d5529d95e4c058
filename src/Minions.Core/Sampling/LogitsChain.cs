namespace Minions.Core.Sampling;

/// <summary>
/// What changes logits before temperature: penalties, bias and the user's processors, in this order. Immutable; safe to use from several
/// threads at once as far as the processors are.
/// </summary>
internal sealed class LogitsChain
{
    private readonly int _promptLength;
    private readonly float _repetition;
    private readonly float _presence;
    private readonly float _frequency;
    private readonly (int Id, float Bias)[] _biases;
    private readonly ILogitsProcessor[] _processors;

    private LogitsChain(SamplingOptions options, int promptLength)
    {
        _promptLength = promptLength;
        _repetition = (float)options.RepetitionPenalty;
        _presence = (float)options.PresencePenalty;
        _frequency = (float)options.FrequencyPenalty;
        _biases = [.. options.LogitBias.Select(bias => (bias.Key, bias.Value))];
        _processors = [.. options.LogitsProcessors];
    }

    /// <summary>The chain of the options, or <see langword="null"/> where it would change nothing.</summary>
    public static LogitsChain? Of(SamplingOptions options, int promptLength)
    {
        var chain = new LogitsChain(options, promptLength);
        return chain.HasPenalties || chain._biases.Length > 0 || chain._processors.Length > 0 ? chain : null;
    }

    private bool HasPenalties => _repetition != 1 || _presence != 0 || _frequency != 0;

    /// <summary>Changes a row in place.</summary>
    /// <param name="prefix">All ids before the one to choose.</param>
    /// <param name="row">The logits.</param>
    /// <param name="counts">As many zeros; zeros again when done.</param>
    public void Apply(ReadOnlySpan<int> prefix, Span<float> row, Span<int> counts)
    {
        int promptLength = Math.Min(_promptLength, prefix.Length);
        if (HasPenalties)
            Penalize(prefix, prefix[promptLength..], row, counts);

        foreach ((int id, float bias) in _biases)
        {
            if (id < row.Length)
                row[id] += bias;
        }

        foreach (ILogitsProcessor processor in _processors)
        {
            try
            {
                processor.Process(new LogitsContext(prefix, promptLength), row);
            }
            catch (Exception fault)
            {
                throw new LogitsProcessorException($"Logits processor {processor.GetType().Name} failed at position {prefix.Length}: {fault.Message}", fault);
            }
        }
    }

    // Ids that the row does not have occur where a draft's vocabulary is smaller than the target's.
    private void Penalize(ReadOnlySpan<int> prefix, ReadOnlySpan<int> output, Span<float> row, Span<int> counts)
    {
        if (_repetition != 1)
        {
            foreach (int id in prefix)
            {
                if ((uint)id < (uint)row.Length && counts[id]++ == 0)
                    row[id] = row[id] > 0 ? row[id] / _repetition : row[id] * _repetition;
            }

            Forget(prefix, counts);
        }

        if (_presence == 0 && _frequency == 0)
            return;

        foreach (int id in output)
        {
            if ((uint)id < (uint)row.Length)
                counts[id]++;
        }

        foreach (int id in output)
        {
            if ((uint)id < (uint)row.Length && counts[id] > 0)
            {
                row[id] -= _presence + _frequency * counts[id];
                counts[id] = 0;
            }
        }
    }

    private static void Forget(ReadOnlySpan<int> ids, Span<int> counts)
    {
        foreach (int id in ids)
        {
            if ((uint)id < (uint)counts.Length)
                counts[id] = 0;
        }
    }
}
