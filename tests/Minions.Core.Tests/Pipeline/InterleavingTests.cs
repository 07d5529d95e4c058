using System.Globalization;
using System.Threading.Channels;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.SpeculationLength;
using Minions.Core.Tests.Tabular;

namespace Minions.Core.Tests.Pipeline;

/// <summary>
/// Thousands of random interleavings of submitting, stepping single stages, reading, cancelling, faults and disposal, over the production
/// stages on one thread. Whatever survives has its exact text, and nothing stays open.
/// </summary>
public sealed class InterleavingTests
{
    [Test]
    public async Task Every_surviving_text_is_exact_and_nothing_stays_open([Range(0, 19)] int block)
    {
        for (int seed = block * 100; seed < (block + 1) * 100; seed++)
        {
            using var interleaving = new Interleaving(seed);
            await interleaving.RunAsync();
        }
    }

    private sealed class Interleaving : IDisposable
    {
        private readonly Random _random;
        private readonly string _name;
        private readonly TabularTarget _target;
        private readonly TabularDraft[] _drafts;
        private readonly PipelineOptions _options;
        private readonly List<Submitted> _submitted = [];
        private readonly int _targetFaults;

        public Interleaving(int seed)
        {
            _random = new Random(seed);
            _name = string.Create(CultureInfo.InvariantCulture, $"seed {seed}");
            _targetFaults = _random.Next(4) == 0 ? 3 : 0;
            _target = new TabularTarget(Tables.Scrambled, contextLength: 200) { IsReusable = _random.Next(2) == 0, BeforeVerify = _ => FailAtTimes(_targetFaults) };
            _drafts =
            [
                .. Enumerable.Range(0, _random.Next(4)).Select(i =>
                {
                    int faults = _random.Next(3) == 0 ? 5 : 0;
                    var next = Tables.MostlyRight(_random.Next(101), seed + i);
                    return new TabularDraft($"draft {i}", prefix =>
                    {
                        FailAtTimes(faults);
                        return next(prefix);
                    }, contextLength: _random.Next(2) == 0 ? 200 : 40) { CanDraftAhead = _random.Next(4) > 0 };
                }),
            ];
            _options = new PipelineOptions
            {
                MaxConcurrentRequests = _random.Next(1, 5),
                MaxQueuedRequests = _random.Next(2) == 0 ? null : _random.Next(4),
                MaxIdleSequences = _random.Next(3),
                DrainOnDispose = _random.Next(2) == 0,
                OverlapDrafting = _random.Next(2) == 0,
                DraftAhead = _random.Next(3) > 0,
            };
        }

        public async Task RunAsync()
        {
            var engine = new SteppedEngine(
                new PipelineComponents { Target = _target, Drafts = _drafts, LengthController = new FixedSpeculationLength(_random.Next(9)) }, _options);
            for (int step = _random.Next(20, 120); step > 0; step--)
                Act(engine);

            // What waits for admission comes in by way of the thread pool, so a last part of the work is left to disposal.
            engine.Dispose();
            foreach (Submitted submitted in _submitted)
                await CheckAsync(submitted);

            Assert.That(_target.OpenSequences, Is.Zero, _name);
            Assert.That(_drafts.Select(draft => draft.OpenSequences), Is.All.Zero, _name);
            Assert.That(_drafts.Select(draft => draft.Misuses), Is.All.Zero, _name);
            Assert.That(_target.IsDisposed && _drafts.All(draft => draft.IsDisposed), Is.True, _name);
        }

        public void Dispose()
        {
            _target.Dispose();
            _submitted.ForEach(submitted => submitted.Cancellation.Dispose());
        }

        private void Act(SteppedEngine engine)
        {
            switch (_random.Next(12))
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
            var submitted = new Submitted { Prompt = prompt, Count = _random.Next(1, 30) };
            var options = new GenerationOptions
            {
                MaxNewTokens = submitted.Count,
                Speculation = _random.Next(5) == 0 ? SpeculationMode.Off : SpeculationMode.On,
                SpeculationLength = _random.Next(3) == 0 ? _random.Next(17) : null,
            };
            submitted.Call = engine.Submit(prompt, options, submitted.Tokens.Writer, submitted.Cancellation.Token);
            _submitted.Add(submitted);
        }

        private async Task CheckAsync(Submitted submitted)
        {
            try
            {
                GenerationResult result = await submitted.Call.WaitAsync(TimeSpan.FromSeconds(60));
                submitted.Read();
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
            catch (Exception fault) when (fault is ObjectDisposedException or PipelineBusyException)
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
            Assert.That(counters.Corrections + counters.Bonuses, Is.LessThanOrEqualTo(counters.Rounds), _name);
            Assert.That(counters.CommittedTokens, Is.LessThanOrEqualTo(counters.AcceptedTokens + counters.Rounds), _name);
        }

        private void FailAtTimes(int percent)
        {
            if (_random.Next(100) < percent)
                throw new InvalidOperationException("as told");
        }
    }

    private sealed class Submitted
    {
        public required IReadOnlyList<int> Prompt { get; init; }

        public required int Count { get; init; }

        public CancellationTokenSource Cancellation { get; } = new();

        public Channel<GeneratedToken> Tokens { get; } = Channel.CreateUnbounded<GeneratedToken>();

        public List<int> Seen { get; } = [];

        public Task<GenerationResult> Call { get; set; } = null!;

        public void Read()
        {
            while (Tokens.Reader.TryRead(out GeneratedToken token))
                Seen.Add(token.Id);
        }
    }
}
