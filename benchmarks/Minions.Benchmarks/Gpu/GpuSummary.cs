using Minions.Benchmarks.EndToEnd.Reporting;
using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.Gpu;

/// <summary>The report for people, and what in it is wrong.</summary>
internal static class GpuSummary
{
    public static void Write(TextWriter output, GpuMachine machine)
    {
        output.WriteLine($"Minions.Core {machine.Library}, ONNX Runtime {machine.OnnxRuntimeNative} (managed {machine.OnnxRuntimeManaged}), providers {string.Join(", ", machine.Providers)}");
        output.WriteLine($"{machine.System}, {machine.Processors} processors, {machine.Framework}");
        foreach (GpuFacts gpu in machine.Gpus)
            output.WriteLine($"GPU {gpu.Index}: {gpu.Name}, {(gpu.MemoryMiB is { } size ? $"{size:0} MiB" : "memory unknown")}, driver {gpu.Driver}, compute capability {gpu.ComputeCapability}");
        if (machine.Gpus.Count == 0)
            output.WriteLine("nvidia-smi names no GPU here, so its memory is not told");
    }

    public static void Write(TextWriter output, GpuSetReport set)
    {
        output.WriteLine();
        output.WriteLine($"== {set.Name}");
        output.WriteLine($"loaded in {set.LoadSeconds:0.0} s; the target runs on {set.EndToEnd.TargetProvider}{string.Concat(set.EndToEnd.DraftProviders.Select(draft => $", {draft.Key} on {draft.Value}"))}");
        foreach (string line in set.Log)
            output.WriteLine($"log: {line}");
        foreach (GpuMemory memory in set.Memory)
            output.WriteLine($"memory {memory.When}: {Device(memory)}, {(memory.ResidentMiB is { } resident ? $"{resident:0} MiB on the host" : "the host's is not known here")}");
        output.WriteLine(set.AgainstCpu is { } cpu
            ? $"against the CPU: {cpu.SameChoices} of {cpu.Positions} choices are the same, logits differ by {cpu.MeanDifference:0.0000} in the mean and {cpu.LargestDifference:0.000} at most"
            : $"against the CPU: not compared: {set.NotComparedBecause}");
    }

    public static void WriteVerdict(TextWriter output, GpuReport report)
    {
        output.WriteLine();
        output.WriteLine(report.Failures.Count == 0 ? "All checks passed." : "FAILED:");
        foreach (string failure in report.Failures)
            output.WriteLine(failure);
    }

    /// <summary>What of a set is not as it has to be.</summary>
    /// <param name="set">The set.</param>
    /// <param name="needsGpu">Whether it had to run on a GPU.</param>
    public static IEnumerable<string> FailuresOf(GpuSetReport set, bool needsGpu)
    {
        if (needsGpu && set.EndToEnd.TargetProvider != ExecutionProvider.Cuda && set.EndToEnd.DraftProviders.Values.All(provider => provider != ExecutionProvider.Cuda))
            yield return $"{set.Name}: nothing ran on the GPU.";
        if (set.AgainstCpu is { IsPlausible: false } cpu)
            yield return $"{set.Name}: only {cpu.SameChoices} of {cpu.Positions} choices are those of the CPU.";
        if (!set.EndToEnd.Exact)
            yield break;

        // Where the probe found no exactness, texts that differ are counted and nothing is promised.
        foreach (JsonArm arm in set.EndToEnd.Arms.Where(arm => arm.Identical == false))
            yield return $"{set.Name}: the probe found results bit-identical, but {arm.TextsDiffering} texts of {arm.Name} differ.";
    }

    private static string Device(GpuMemory memory) => memory.DeviceMiB is { } used ? $"{used:0} MiB on the GPU ({(memory.IsOwn == true ? "this process" : "all processes")})" : "the GPU's is not known here";
}
