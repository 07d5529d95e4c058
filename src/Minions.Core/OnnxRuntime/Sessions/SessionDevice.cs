namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>Where a session runs.</summary>
internal enum SessionDevice
{
    Cpu,
    Cuda,
}
