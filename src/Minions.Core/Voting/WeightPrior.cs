namespace Minions.Core.Voting;

/// <summary>
/// What requests taught about the drafts, for the requests to come. One a pipeline; safe to use from several threads. Requests that end one
/// after another always leave the same knowledge.
/// </summary>
internal sealed class WeightPrior
{
    // A request counts once, however long it was: the next one may be of any kind. The last 20 or so matter.
    private const double Forgetting = 0.95;

    // Before anything is known every draft is held to be right as often as not.
    private const double Unknown = 0.5;

    private readonly Lock _gate = new();
    private readonly double[] _rates;
    private readonly double[] _requests;

    public WeightPrior(int drafts)
    {
        _rates = new double[drafts];
        _requests = new double[drafts];
    }

    /// <summary>Writes each draft's agreement rate, above 0, the first request's guess being one request's worth of what is known.</summary>
    public void CopyRates(Span<double> rates)
    {
        lock (_gate)
        {
            for (int i = 0; i < rates.Length; i++)
                rates[i] = (_rates[i] + Unknown) / (_requests[i] + 1);
        }
    }

    /// <summary>What is known, for another pipeline of the same drafts.</summary>
    public WeightState Export()
    {
        lock (_gate)
            return new WeightState { Rates = [.. _rates], Requests = [.. _requests] };
    }

    /// <summary>Takes over what another pipeline knew.</summary>
    /// <returns>Whether it can be: nothing has changed otherwise.</returns>
    public bool TryImport(WeightState state)
    {
        if (state.Rates.Length != _rates.Length || state.Requests.Length != _requests.Length
            || state.Rates.AsSpan().ContainsAnyExceptInRange(0, double.MaxValue) || state.Requests.AsSpan().ContainsAnyExceptInRange(0, double.MaxValue))
            return false;

        lock (_gate)
        {
            state.Rates.CopyTo(_rates, 0);
            state.Requests.CopyTo(_requests, 0);
            return true;
        }
    }

    /// <summary>Learns from a request that ended.</summary>
    /// <param name="agreed">For each draft, the ids that agreed with the text.</param>
    /// <param name="evaluated">For each draft, the ids that were compared; 0 for a draft that rested all along.</param>
    public void Absorb(ReadOnlySpan<long> agreed, ReadOnlySpan<long> evaluated)
    {
        lock (_gate)
        {
            for (int i = 0; i < agreed.Length; i++)
            {
                if (evaluated[i] == 0)
                    continue;

                _rates[i] = _rates[i] * Forgetting + (double)agreed[i] / evaluated[i];
                _requests[i] = _requests[i] * Forgetting + 1;
            }
        }
    }
}

/// <summary>What <see cref="WeightPrior"/> writes down.</summary>
internal sealed record WeightState
{
    /// <summary>For each draft the sum of its requests' agreement rates, older ones counting less.</summary>
    public required double[] Rates { get; init; }

    /// <summary>For each draft how many requests those are worth.</summary>
    public required double[] Requests { get; init; }
}
