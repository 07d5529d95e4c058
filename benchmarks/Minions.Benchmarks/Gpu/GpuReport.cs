using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.OnnxRuntime;
using Minions.Benchmarks.EndToEnd.Reporting;
using Minions.Core;

namespace Minions.Benchmarks.Gpu;

/// <summary>Everything that a GPU's owner sends back.</summary>
/// <param name="Machine">What it ran on.</param>
/// <param name="Sets">What was measured, set after set.</param>
/// <param name="Failures">What is wrong; none where all is well.</param>
internal sealed record GpuReport(GpuMachine Machine, IReadOnlyList<GpuSetReport> Sets, IReadOnlyList<string> Failures)
{
    public string ToJson() => JsonSerializer.Serialize(this, GpuReportContext.Default.GpuReport);
}

/// <summary>A machine and the versions of what runs on it.</summary>
internal sealed record GpuMachine(
    string Library,
    string OnnxRuntimeManaged,
    string OnnxRuntimeNative,
    IReadOnlyList<string> Providers,
    string System,
    string Framework,
    int Processors,
    IReadOnlyList<GpuFacts> Gpus)
{
    /// <summary>This one.</summary>
    public static GpuMachine Here() => new(
        typeof(ITargetVerifier).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        typeof(OrtEnv).Assembly.GetName().Version!.ToString(3),
        OrtEnv.Instance().GetVersionString(),
        OrtEnv.Instance().GetAvailableProviders(),
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
        RuntimeInformation.FrameworkDescription,
        Environment.ProcessorCount,
        NvidiaSmi.Gpus());
}

/// <summary>What was measured of one set of models.</summary>
/// <param name="Name">The set.</param>
/// <param name="LoadSeconds">How long loading took, the probe included.</param>
/// <param name="Log">What the library logged while it loaded.</param>
/// <param name="Memory">Memory before, between and after.</param>
/// <param name="AgainstCpu">The target's logits against the CPU's, or <see langword="null"/>.</param>
/// <param name="NotComparedBecause">Why it was not compared, or <see langword="null"/>.</param>
/// <param name="EndToEnd">Provider, probe, costs by width and speeds.</param>
internal sealed record GpuSetReport(
    string Name, double LoadSeconds, IReadOnlyList<string> Log, IReadOnlyList<GpuMemory> Memory, CpuComparison? AgainstCpu, string? NotComparedBecause, JsonReport EndToEnd);

/// <summary>Memory at one moment.</summary>
/// <param name="When">The moment.</param>
/// <param name="DeviceMiB">In use on the GPU; <see langword="null"/> where it cannot be read.</param>
/// <param name="IsOwn">Whether that is this process's alone, or all that is in use there.</param>
/// <param name="ResidentMiB">The process's on the host; <see langword="null"/> where it cannot be read.</param>
internal sealed record GpuMemory(string When, double? DeviceMiB, bool? IsOwn, double? ResidentMiB);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(GpuReport))]
internal sealed partial class GpuReportContext : JsonSerializerContext;
