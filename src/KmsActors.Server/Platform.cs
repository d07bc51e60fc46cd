using System.Runtime.Versioning;

// Files are protected by Unix modes.
[assembly: UnsupportedOSPlatform("windows")]
