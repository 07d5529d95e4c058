using System.Diagnostics.Metrics;

namespace Minions.Core.Diagnostics;

/// <summary>The instruments of one pipeline. Safe to use from several threads. Reporting allocates nothing.</summary>
internal sealed class PipelineMeter : IDisposable
{
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };
    private static readonly InstrumentAdvice<double> TokensPerSecond = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] };
    private static readonly InstrumentAdvice<int> Tokens = new() { HistogramBucketBoundaries = [0, 1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 64] };

    private readonly Meter? _owned;
    private readonly PipelineTags _tags;
    private readonly PipelineReadings _readings;
    private readonly Counter<long> _rounds;
    private readonly Counter<long> _chains;
    private readonly Counter<long> _draftTokens;
    private readonly Counter<long> _acceptedTokens;
    private readonly Counter<long> _acceptedAtPosition;
    private readonly Histogram<int> _length;
    private readonly Histogram<double> _goodput;
    private readonly Histogram<double> _timeInQueue;
    private readonly Histogram<double> _timeToFirstToken;
    private readonly Counter<long> _draftRounds;
    private readonly Counter<long> _proposedTokens;
    private readonly Counter<long> _evaluatedTokens;
    private readonly Counter<long> _agreedTokens;
    private readonly Counter<long> _draftFaults;
    private readonly Instrument[] _ofRequests;
    private volatile bool _isDisposed;

    /// <summary>Publishes the instruments.</summary>
    /// <param name="factory">Makes the meter and owns it; <see langword="null"/> for a meter of the pipeline's own.</param>
    /// <param name="tags">What tells its measurements apart.</param>
    /// <param name="readings">What is read when somebody collects.</param>
    public PipelineMeter(IMeterFactory? factory, PipelineTags tags, PipelineReadings readings)
    {
        (_tags, _readings) = (tags, readings);
        var options = new MeterOptions(MinionsTelemetry.MeterName) { Version = MinionsTelemetry.Version };
        Meter meter = factory is null ? _owned = new Meter(options) : factory.Create(options);
        _ofRequests =
        [
            _rounds = meter.CreateCounter<long>("minions.rounds", "{round}", "Verification rounds, those of plain decoding included."),
            _chains = meter.CreateCounter<long>("minions.spec_decode.num_drafts", "{draft}", "Rounds in which a chain was checked."),
            _draftTokens = meter.CreateCounter<long>("minions.spec_decode.num_draft_tokens", "{token}", "Ids on the chains that were checked."),
            _acceptedTokens = meter.CreateCounter<long>("minions.spec_decode.num_accepted_tokens", "{token}", "Ids of these that the target chose too."),
            _acceptedAtPosition = meter.CreateCounter<long>("minions.spec_decode.num_accepted_tokens_per_pos", "{token}", "Accepted ids by their place in the chain, from 0."),
            _length = meter.CreateHistogram("minions.spec_decode.length", "{token}", "The length that a round was planned with; 0 in plain decoding.", tags: null, Tokens),
            _goodput = meter.CreateHistogram("minions.goodput", "{token}/s", "Ids that a request's rounds gave for each second of drafting and verification.", tags: null, TokensPerSecond),
            _timeInQueue = meter.CreateHistogram("minions.request.time_in_queue", "s", "How long a request waited for admission.", tags: null, Seconds),
            _timeToFirstToken = meter.CreateHistogram("minions.request.time_to_first_token", "s", "From a request's arrival to its first id, the wait for admission included.", tags: null, Seconds),
            _draftRounds = meter.CreateCounter<long>("minions.draft.rounds", "{round}", "Rounds that a draft made a proposal in."),
            _proposedTokens = meter.CreateCounter<long>("minions.draft.proposed_tokens", "{token}", "Ids that a draft proposed."),
            _evaluatedTokens = meter.CreateCounter<long>("minions.draft.evaluated_tokens", "{token}", "Those of its ids that verification reached."),
            _agreedTokens = meter.CreateCounter<long>("minions.draft.agreed_tokens", "{token}", "Those of its ids that agreed with the text from the first on."),
            _draftFaults = meter.CreateCounter<long>("minions.draft.faults", "{fault}", "Calls of a draft that failed or did not return in time."),
        ];
        meter.CreateObservableUpDownCounter("minions.requests.running", () => Read(_readings.Running), "{request}", "Requests in work.");
        meter.CreateObservableUpDownCounter("minions.requests.waiting", () => Read(_readings.Waiting), "{request}", "Requests that wait for admission.");
        meter.CreateObservableUpDownCounter("minions.kv_cache.size", ReadCaches, "By", "Memory of keys and values, kept prefixes included.");
    }

    /// <summary>Whether anybody listens to what requests report.</summary>
    public bool IsEnabled
    {
        get
        {
            foreach (Instrument instrument in _ofRequests)
            {
                if (instrument.Enabled)
                    return true;
            }

            return false;
        }
    }

    /// <summary>What its measurements are tagged with.</summary>
    public PipelineTags Tags => _tags;

    public void Rounds(int count, int withChain, int draftTokens, int accepted)
    {
        Add(_rounds, count, _tags.Pipeline);
        Add(_chains, withChain, _tags.Pipeline);
        Add(_draftTokens, draftTokens, _tags.Pipeline);
        Add(_acceptedTokens, accepted, _tags.Pipeline);
    }

    public void AcceptedAt(int position, int count) => Add(_acceptedAtPosition, count, _tags.Position(position));

    public void Draft(int draft, int rounds, int proposed, int evaluated, int agreed, int faults)
    {
        ReadOnlySpan<KeyValuePair<string, object?>> tags = _tags.Draft(draft);
        Add(_draftRounds, rounds, tags);
        Add(_proposedTokens, proposed, tags);
        Add(_evaluatedTokens, evaluated, tags);
        Add(_agreedTokens, agreed, tags);
        Add(_draftFaults, faults, tags);
    }

    public void Length(int planned) => _length.Record(planned, _tags.Pipeline);

    public void Goodput(double tokensPerSecond) => _goodput.Record(tokensPerSecond, _tags.Pipeline);

    public void TimeInQueue(TimeSpan time) => _timeInQueue.Record(time.TotalSeconds, _tags.Pipeline);

    public void TimeToFirstToken(TimeSpan time) => _timeToFirstToken.Record(time.TotalSeconds, _tags.Pipeline);

    /// <summary>Reports nothing any more. A meter of a factory lives on with it.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _owned?.Dispose();
    }

    private static void Add(Counter<long> counter, int amount, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (amount > 0)
            counter.Add(amount, tags);
    }

    private IEnumerable<Measurement<long>> Read(Func<long> reading)
    {
        if (!_isDisposed)
            yield return new Measurement<long>(reading(), _tags.Pipeline);
    }

    private IEnumerable<Measurement<long>> ReadCaches()
    {
        if (_isDisposed)
            yield break;
        if (_readings.TargetCache() is { } target)
            yield return new Measurement<long>(target, _tags.TargetRole);
        for (int i = 0; i < _tags.DraftCount; i++)
        {
            if (_readings.DraftCache(i) is { } draft)
                yield return new Measurement<long>(draft, _tags.DraftRole(i));
        }
    }
}
