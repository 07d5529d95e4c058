using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Verification;

namespace Minions.Core.Tests.Pipeline;

/// <summary>One random story of a pipeline, from its first request to its disposal, and the laws it has to keep.</summary>
internal sealed class Interleaving : IDisposable
{
    private readonly Random _random;
    private readonly string _name;
    private readonly TabularTarget _target;
    private readonly HangingDraft[] _drafts;
    private readonly PipelineOptions _options;
    private readonly List<SubmittedCall> _submitted = [];
    private readonly int _targetFaults;
    private readonly FakeTimeProvider _time = new();
    private readonly TimeSpan? _limit;

    public Interleaving(int seed)
    {
        _random = new Random(seed);
        _name = string.Create(CultureInfo.InvariantCulture, $"seed {seed}");
        _targetFaults = _random.Next(4) == 0 ? 3 : 0;
        _target = new TabularTarget(Tables.Scrambled, contextLength: 200) { IsReusable = _random.Next(2) == 0, MaxBatchSize = _random.Next(1, 4), BeforeVerify = Verify };
        _limit = _random.Next(4) == 0 ? null : TimeSpan.FromSeconds(_random.Next(1, 10));
        _drafts =
        [
            .. Enumerable.Range(0, _random.Next(4)).Select(i =>
            {
                int faults = _random.Next(3) == 0 ? 5 : 0;
                int hangs = _limit is not null && _random.Next(3) > 0 ? 10 : 0;
                var next = Tables.MostlyRight(_random.Next(101), seed + i);
                return new HangingDraft($"draft {i}", prefix =>
                {
                    FailAtTimes(faults);
                    _time.Advance(TimeSpan.FromMilliseconds(i));
                    return next(prefix);
                }, contextLength: _random.Next(2) == 0 ? 200 : 40)
                {
                    IsReusable = _random.Next(2) == 0,
                    MaxBatchSize = _random.Next(1, 4),
                    IsMerelyLate = () => _random.Next(3) == 0,
                    Hangs = _ => _random.Next(100) < hangs,
                    OnHang = Hang,
                    SupportsPreDrafting = _random.Next(4) > 0,
                };
            }),
        ];
        _options = new PipelineOptions
        {
            MaxConcurrentRequests = _random.Next(1, 8),
            MaxQueuedRequests = _random.Next(2) == 0 ? null : _random.Next(4),
            PrefixCacheSize = _random.Next(3),
            DrainOnDispose = _random.Next(2) == 0,
            Speculation = { DraftSelection = _random.Next(2) == 0 ? DraftSelection.All : DraftSelection.Auto },
            OverlapDrafting = _random.Next(2) == 0,
            PreDraft = _random.Next(3) > 0,
        };
    }

    /// <summary>How many calls of drafts hung.</summary>
    public int Hangs { get; private set; }

    /// <summary>How many of them had not returned when the pipeline's disposal ended.</summary>
    public int LeftBehind { get; private set; }

    /// <summary>How many requests came to their end.</summary>
    public int Finished { get; private set; }

    public async Task RunAsync()
    {
        var engine = new SteppedEngine(
            new PipelineComponents { Target = _target, Drafts = _drafts, LengthController = new FixedSpeculationLength(_random.Next(9)) },
            _options, _time, _limit);
        for (int step = _random.Next(20, 120); step > 0; step--)
            Act(engine);

        // What waits for admission comes in by way of the thread pool, so a last part of the work is left to the stop or to disposal.
        if (_random.Next(3) == 0)
            await StopAsync(engine);
        engine.Dispose();
        CheckDisposal();
        foreach (SubmittedCall submitted in _submitted)
            await CheckAsync(submitted);

        Assert.That(engine.Held, Is.Zero, _name);
    }

    public void Dispose()
    {
        _target.Dispose();
        _submitted.ForEach(submitted => submitted.Cancellation.Dispose());
    }

    private async Task StopAsync(SteppedEngine engine)
    {
        engine.Stop(new CancellationToken(canceled: _random.Next(2) == 0));
        await Task.WhenAll(_submitted.Select(submitted => submitted.Call)).ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.That(_target.IsDisposed, Is.False, _name);
    }

    // What hung calls do not hold is free at once, the rest when they return.
    private void CheckDisposal()
    {
        Assert.That((_target.OpenSequences, _target.IsDisposed, _target.MixedKeys), Is.EqualTo((0, true, 0)), _name);
        foreach (HangingDraft draft in _drafts)
        {
            if (draft.IsHanging)
            {
                LeftBehind++;
                Assert.That((draft.OpenSequences, draft.Disposals), Is.EqualTo((draft.Held, 0)), _name);
                draft.LetReturn();
            }

            // One that was merely late may be about to free what it held.
            HangingDraft.WaitFor(() => draft.Disposals > 0);
            Assert.That((draft.OpenSequences, draft.Disposals), Is.EqualTo((0, 1)), _name);
            Assert.That(draft.Offences, Is.Empty, _name);
        }
    }

    private void Act(SteppedEngine engine)
    {
        switch (_random.Next(14))
        {
            case 0 or 1:
                Submit(engine);
                break;
            case 2 when _submitted.Count > 0:
                _submitted[_random.Next(_submitted.Count)].Cancellation.Cancel();
                break;
            case 3 when _submitted.Count > 0:
                // Some readers read, others never do.
                _submitted[_random.Next(_submitted.Count)].Read();
                break;
            case 4 when Array.Find(_drafts, draft => draft.IsHanging) is { } hung:
                hung.LetReturn();
                break;
            default:
                engine.Step(_random.Next(2));
                break;
        }
    }

    private void Submit(SteppedEngine engine)
    {
        // Some continue another request's prompt, so that idle sequences are found.
        IReadOnlyList<int> prompt = _submitted.Count > 0 && _random.Next(2) == 0
            ? [.. _submitted[^1].Prompt, _random.Next(Tables.Vocabulary)]
            : [.. Enumerable.Range(0, _random.Next(1, 100)).Select(_ => _random.Next(Tables.Vocabulary))];
        var submitted = new SubmittedCall { Prompt = prompt, Count = _random.Next(1, 30) };
        var options = new GenerationOptions
        {
            MaxOutputTokens = submitted.Count,
            Speculate = _random.Next(5) > 0,
            SpeculationLength = _random.Next(3) == 0 ? _random.Next(17) : null,
            CacheKey = _submitted.Count % 4 == 0 ? "adapter" : null,
        };
        submitted.Call = engine.Submit(prompt, options, submitted.Tokens.Writer, submitted.Cancellation.Token);
        _submitted.Add(submitted);
    }

    private async Task CheckAsync(SubmittedCall submitted)
    {
        try
        {
            GenerationResult result = await submitted.Call.WaitAsync(TimeSpan.FromSeconds(60));
            submitted.Read();
            Finished++;
            List<int> expected = _target.Decode(submitted.Prompt, submitted.Count);
            Assert.That(result.TokenIds, Is.EqualTo(expected[..result.TokenIds.Count]), _name);
            Assert.That(result.TokenIds, Has.Count.EqualTo(Math.Min(submitted.Count, 200 - submitted.Prompt.Count)), _name);
            Assert.That(submitted.Seen, Is.EqualTo(result.TokenIds), _name);
            CheckCounters(result);
        }
        catch (OperationCanceledException fault)
        {
            Assert.That(fault.CancellationToken, Is.EqualTo(submitted.Cancellation.Token), _name);
        }
        catch (Exception fault) when (fault is ObjectDisposedException or PipelineBusyException or PipelineStoppedException)
        {
        }
        catch (ModelRunException)
        {
            Assert.That(_targetFaults, Is.Positive, _name);
        }
    }

    private void CheckCounters(GenerationResult result)
    {
        SpeculationStatistics counters = result.Statistics;
        Assert.That(counters.CommittedTokens, Is.EqualTo(result.TokenIds.Count - 1), _name);
        Assert.That(counters.AcceptedPerPosition.Sum(), Is.EqualTo(counters.AcceptedTokens), _name);
        Assert.That(counters.AcceptedTokens, Is.LessThanOrEqualTo(counters.DraftTokens), _name);
        Assert.That(counters.CorrectionTokens + counters.BonusTokens, Is.LessThanOrEqualTo(counters.Rounds), _name);
        Assert.That(counters.CommittedTokens, Is.LessThanOrEqualTo(counters.AcceptedTokens + counters.NgramTokens + counters.Rounds), _name);
    }

    private void Verify(VerificationRequest request)
    {
        FailAtTimes(_targetFaults);
        _time.Advance(TimeSpan.FromMilliseconds(10));
    }

    private void Hang()
    {
        Hangs++;
        _time.Advance(_limit!.Value);
    }

    private void FailAtTimes(int percent)
    {
        if (_random.Next(100) < percent)
            throw new InvalidOperationException("as told");
    }
}
