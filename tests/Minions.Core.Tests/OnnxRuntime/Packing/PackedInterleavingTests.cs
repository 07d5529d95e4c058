using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tests.OnnxRuntime.Synthetic;
using Minions.Core.Tests.Pipeline;

namespace Minions.Core.Tests.OnnxRuntime.Packing;

/// <summary>
/// Random interleavings over models that share their runs: whatever is cancelled, kept, abandoned or disposed, every surviving text is exact,
/// and in the end no byte of a cache, no memory that is lent and no slot is in use.
/// </summary>
public sealed class PackedInterleavingTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, int[]> _alone = [];
    private TemporaryFolder _targetFolder = null!;
    private TemporaryFolder _draftFolder = null!;
    private OnnxTargetVerifier _target = null!;
    private OnnxDraftModel _trusted = null!;
    private OnnxDraftModel _guest = null!;
    private int _hangs;
    private DecoderUse _most;

    [OneTimeSetUp]
    public async Task LoadAsync()
    {
        _targetFolder = SyntheticFolder.Create(new SyntheticOptions { GroupQuery = true, ContextLength = 256 });
        _draftFolder = SyntheticFolder.Create(new SyntheticOptions { GroupQuery = true, ContextLength = 256, Layers = 1 });
        _target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = _targetFolder.Path, Provider = ExecutionProvider.Cpu });
        _trusted = await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = _draftFolder.Path, Provider = ExecutionProvider.Cpu });
        _guest = await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = _targetFolder.Path, Provider = ExecutionProvider.Cpu });
    }

    public void Dispose()
    {
        _guest.Dispose();
        _trusted.Dispose();
        _target.Dispose();
        _targetFolder.Dispose();
        _draftFolder.Dispose();
    }

    [Test]
    public async Task In_the_end_nothing_native_is_in_use([Range(0, 9)] int block)
    {
        Assert.That((_target.MaxBatchSize, _trusted.MaxBatchSize), Is.EqualTo((16, 16)), "these models can share runs");
        (_hangs, _most) = (0, default);
        for (int seed = block * 20; seed < (block + 1) * 20; seed++)
            await RunAsync(seed);

        // Else there would be nothing to give back.
        Assert.That((_hangs > 0, _most.CacheBytes > 0, _most.Slots > 1), Is.EqualTo((true, true, true)));

        await Task.WhenAll(_target.SessionsSettled, _trusted.SessionsSettled, _guest.SessionsSettled).WaitAsync(Patience);
        Assert.That((_target.Use, _trusted.Use), Is.EqualTo((default(DecoderUse), default(DecoderUse))));

        // The last call to return may be about to free what it held.
        HangingDraft.WaitFor(() => _guest.Use == default);
    }

    private async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        string name = string.Create(CultureInfo.InvariantCulture, $"seed {seed}");
        var time = new FakeTimeProvider();
        var late = new LateDraft(_guest, () => random.Next(20) == 0, () =>
        {
            _hangs++;
            time.Advance(Limit);
        });
        var components = new PipelineComponents
        {
            Target = _target,
            Drafts = [_trusted, late],
            EndTokens = [],
            LengthController = new FixedSpeculationLength(random.Next(1, 6)),
            LeaveOpen = true,
        };
        var options = new PipelineOptions
        {
            MaxConcurrentRequests = random.Next(1, 9),
            PrefixCacheSize = random.Next(4),
            DrainOnDispose = random.Next(2) == 0,
            OverlapDrafting = random.Next(2) == 0,
            Speculation = { DraftSelection = DraftSelection.All },
        };
        var calls = new List<(int[] Prompt, int Count, CancellationTokenSource Cancellation, Task<GenerationResult> Call)>();
        var engine = new SteppedEngine(components, options, time, Limit);
        for (int step = random.Next(20, 80); step > 0; step--)
        {
            switch (random.Next(10))
            {
                case 0 or 1:
                    Submit();
                    break;
                case 2 when calls.Count > 0:
                    await calls[random.Next(calls.Count)].Cancellation.CancelAsync();
                    break;
                case 3 when late.IsHanging:
                    late.LetReturn();
                    break;
                default:
                    engine.Step(random.Next(2));
                    break;
            }

            DecoderUse use = _target.Use;
            _most = new DecoderUse(Math.Max(_most.CacheBytes, use.CacheBytes), 0, Math.Max(_most.Slots, use.Slots));
        }

        engine.Dispose();
        if (late.IsHanging)
            late.LetReturn();
        foreach (var (prompt, count, cancellation, call) in calls)
        {
            await CheckAsync(prompt, count, call, name);
            cancellation.Dispose();
        }

        void Submit()
        {
            // Some continue another's prompt, so that idle sequences are found.
            int[] prompt = calls.Count > 0 && random.Next(2) == 0
                ? [.. calls[^1].Prompt, random.Next(1, SyntheticOptions.Vocabulary)]
                : [.. Enumerable.Range(0, random.Next(1, 100)).Select(_ => random.Next(1, SyntheticOptions.Vocabulary))];
            int count = random.Next(1, 30);
            var cancellation = new CancellationTokenSource();
            calls.Add((prompt, count, cancellation, engine.Submit(prompt, new GenerationOptions { MaxOutputTokens = count }, cancellation.Token)));
        }
    }

    private async Task CheckAsync(int[] prompt, int count, Task<GenerationResult> call, string name)
    {
        try
        {
            GenerationResult result = await call.WaitAsync(Patience);
            Assert.That(result.TokenIds, Is.EqualTo(Alone(prompt)[..count]), name);
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private int[] Alone(int[] prompt)
    {
        string key = string.Join(',', prompt);
        if (_alone.TryGetValue(key, out int[]? text))
            return text;

        using var engine = new SteppedEngine(new PipelineComponents { Target = _target, EndTokens = [], LeaveOpen = true }, new PipelineOptions { PrefixCacheSize = 0 });
        return _alone[key] = [.. engine.Run(prompt, new GenerationOptions { MaxOutputTokens = 30 }).TokenIds];
    }
}
