using System.Diagnostics;
using Minions.Benchmarks.EndToEnd;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.EndToEnd.Reporting;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Packing;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Benchmarks.Gpu;

/// <summary>Checks all that only a machine with a GPU can show, and writes it into one file.</summary>
internal sealed class GpuCommand(GpuArguments arguments)
{
    private const double MiB = 1024 * 1024;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        arguments.Check();
        NativeLibrary.Load();
        bool needsGpu = arguments.Placement is { Target: ExecutionProvider.Cuda } or { Drafts: ExecutionProvider.Cuda };
        if (needsGpu && !SessionFactory.HasCuda)
            return NoGpu("this program has ONNX Runtime's library for the CPU; run it with 'dotnet run -p:MinionsNative=Cuda', which restores the one for NVIDIA GPUs");

        DirectoryInfo half = Directory.CreateTempSubdirectory("minions-gpu");
        try
        {
            if (arguments.Target is null)
                CopyFamily(half.FullName);
            var sets = new List<GpuSetReport>();
            TextWriter summary = JsonOutput.Tables(arguments.Json);
            GpuMachine machine = GpuMachine.Here();
            foreach (GpuSet set in arguments.Sets(half.FullName))
                sets.Add(await CheckAsync(set, sets.Count == 0 ? machine : null, summary, cancellationToken));

            var report = new GpuReport(machine, sets, [.. sets.SelectMany(set => GpuSummary.FailuresOf(set, needsGpu))]);
            GpuSummary.WriteVerdict(summary, report);
            if (arguments.Json is { } file)
                await JsonOutput.WriteAsync(file, report.ToJson(), cancellationToken);
            return report.Failures.Count > 0 ? ExitCode.BoundMissed : ExitCode.Success;
        }
        catch (ModelLoadException fault) when (needsGpu && CudaRequirements.ObstacleIn(fault) is { } obstacle)
        {
            return NoGpu(obstacle);
        }
        finally
        {
            half.Delete(recursive: true);
        }
    }

    private static void CopyFamily(string folder)
    {
        RepositoryModels family = RepositoryModels.Family;
        foreach (string source in family.DraftFolders.Prepend(family.TargetFolder))
            HalfPrecisionCopy.Write(source, Path.Combine(folder, Path.GetFileName(source)));
    }

    private static int NoGpu(string reason)
    {
        Console.Error.WriteLine($"No GPU was checked: {reason}. With --provider cpu the same checks run on the CPU.");
        return ExitCode.NoGpu;
    }

    private async Task<GpuSetReport> CheckAsync(GpuSet set, GpuMachine? machine, TextWriter summary, CancellationToken cancellationToken)
    {
        ProgressLine.Milestone($"{set.Name}: loading");
        List<GpuMemory> memory = [Measure("before loading")];
        var log = new LoadLog();
        long start = Stopwatch.GetTimestamp();
        using LoadedModels models = await LoadAsync(set.Arguments, log, cancellationToken);
        TimeSpan loading = Stopwatch.GetElapsedTime(start);
        memory.Add(Measure("loaded"));

        IReadOnlyList<Prompt> prompts = PromptFile.ReadInTurn(set.Arguments.PromptFile, set.Arguments.Limit);
        var texts = new PromptTexts(prompts, models.Tokenizer, models.Target.ContextLength);
        (CpuComparison? againstCpu, string? notCompared) = await CompareAsync(models, set.Arguments.Folders, texts, cancellationToken);
        Measurements measured = await new Bench(set.Arguments, set.Arguments.ParseArms(), models, genAI: null, texts).RunAsync(cancellationToken);
        memory.Add(Measure("after all requests"));

        // Told only now: where there is no GPU, the one sentence stands alone.
        if (machine is not null)
            GpuSummary.Write(summary, machine);
        var report = new GpuSetReport(set.Name, loading.TotalSeconds, log.Lines, memory, againstCpu, notCompared, JsonReport.From(set.Arguments, models, measured));
        GpuSummary.Write(summary, report);
        TableReport.Write(summary, set.Arguments, models.Target.Exactness, measured);
        return report;
    }

    // Not every graph for a GPU runs on the CPU.
    private static async Task<(CpuComparison? Compared, string? Reason)> CompareAsync(LoadedModels models, ModelFolders folders, PromptTexts texts, CancellationToken cancellationToken)
    {
        if (models.TargetProvider == ExecutionProvider.Cpu)
            return (null, "the target runs there");

        try
        {
            return (await CpuComparison.OfAsync(models, folders, texts, cancellationToken), null);
        }
        catch (Exception fault) when (fault is ModelLoadException or ModelRunException)
        {
            return (null, fault.Message);
        }
    }

    private static async Task<LoadedModels> LoadAsync(EndToEndArguments set, LoadLog log, CancellationToken cancellationToken)
    {
        try
        {
            return await LoadedModels.LoadAsync(set.Folders, log, cancellationToken);
        }
        catch (ModelLoadException fault) when (CudaRequirements.ObstacleIn(fault) is null)
        {
            throw set.Describe(fault);
        }
    }

    private GpuMemory Measure(string when)
    {
        (double MiB, bool IsOwn)? device = NvidiaSmi.MemoryInUse(arguments.Placement.DeviceId ?? 0);
        return new GpuMemory(when, device?.MiB, device?.IsOwn, ResidentMemory.Measure()?.Total / MiB);
    }
}
